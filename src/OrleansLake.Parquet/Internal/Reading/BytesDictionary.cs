using System.Buffers.Binary;
using OrleansLake.Parquet.Internal.Format;

namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>The dictionary of a column chunk of byte arrays.</summary>
internal sealed class BytesDictionary : IDisposable
{
    private readonly Scratch<byte> _byteScratch = new();
    private readonly Scratch<int> _offsetScratch = new();
    private int _bytes;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Bytes => _byteScratch.Span(_bytes);

    public ReadOnlySpan<int> Offsets => _offsetScratch.Span(Count + 1);

    public ReadOnlySpan<byte> this[int code]
    {
        get
        {
            ReadOnlySpan<int> offsets = Offsets;
            return Bytes[offsets[code]..offsets[code + 1]];
        }
    }

    /// <summary>Takes over entries in PLAIN encoding.</summary>
    public void Read(ReadOnlySpan<byte> plain, int count, Leaf leaf)
    {
        bool isFixed = leaf.StoredAs == PhysicalType.FixedLengthByteArray;
        if (count > plain.Length / (isFixed ? leaf.FixedLength : sizeof(int)))
        {
            throw ParquetException.Corrupt("A dictionary ends too early.");
        }

        Span<byte> bytes = _byteScratch.Span(plain.Length);
        Span<int> offsets = _offsetScratch.Span(count + 1);
        offsets[0] = 0;
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            int length = leaf.FixedLength;
            if (!isFixed)
            {
                length = plain.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(plain);
                plain = plain[Math.Min(sizeof(int), plain.Length)..];
            }

            if (length < 0 || length > plain.Length)
            {
                throw ParquetException.Corrupt("A dictionary ends too early.");
            }

            plain[..length].CopyTo(bytes[at..]);
            plain = plain[length..];
            at += length;
            offsets[i + 1] = at;
        }

        _bytes = at;
        Count = count;
    }

    public void Dispose()
    {
        _byteScratch.Dispose();
        _offsetScratch.Dispose();
    }
}
