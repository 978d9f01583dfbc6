using OrleansLake.Parquet.Internal.Encodings;

namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>A data page of which the levels were read: its rows, and the values of those that are not null.</summary>
internal readonly ref struct Page
{
    public required int Rows { get; init; }

    public required int Nulls { get; init; }

    public required PageEncoding Encoding { get; init; }

    public required ReadOnlySpan<byte> Values { get; init; }

    public int ValueCount => Rows - Nulls;

    public bool IsDictionary => Encoding is PageEncoding.PlainDictionary or PageEncoding.RleDictionary;

    /// <summary>Decodes indices of a dictionary, each below <paramref name="entries"/>.</summary>
    public void DecodeIndices(int entries, Span<int> into)
    {
        if (into.IsEmpty)
        {
            return;
        }

        if (Values.IsEmpty)
        {
            throw ParquetException.Corrupt("A page of indices is empty.");
        }

        HybridDecoder.Decode(Values[1..], Values[0], into);
        uint max = 0;
        foreach (int index in into)
        {
            max = Math.Max(max, (uint)index);
        }

        if (max >= (uint)entries)
        {
            throw ParquetException.Corrupt($"A page has the index {max} of a dictionary of {entries}.");
        }
    }
}
