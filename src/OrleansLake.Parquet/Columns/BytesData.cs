namespace OrleansLake.Parquet;

/// <summary>
/// Values of a <see cref="ParquetType.String"/> or <see cref="ParquetType.Binary"/> column, in one of two forms.
/// Direct: row <c>i</c> is <c>Bytes[Offsets[i]..Offsets[i + 1]]</c>. Dictionary: it is entry <c>Codes[i]</c>, and
/// entry <c>e</c> is <c>Bytes[Offsets[e]..Offsets[e + 1]]</c>.
/// </summary>
public sealed class BytesData : ColumnData
{
    /// <summary>Makes a column in direct form.</summary>
    /// <param name="bytes">The bytes of all rows.</param>
    /// <param name="offsets">One more than there are rows, never decreasing.</param>
    /// <param name="validity">The rows that hold a value; empty: all.</param>
    /// <exception cref="ArgumentException">The offsets are not in the bytes.</exception>
    public BytesData(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<int> offsets, ReadOnlyMemory<ulong> validity = default)
        : base(offsets.Length - 1, validity)
    {
        CheckOffsets(bytes, offsets);
        Bytes = bytes;
        Offsets = offsets;
    }

    private BytesData(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<int> offsets, ReadOnlyMemory<int> codes, ReadOnlyMemory<ulong> validity)
        : base(codes.Length, validity)
    {
        CheckOffsets(bytes, offsets);
        Bytes = bytes;
        Offsets = offsets;
        Codes = codes;
        IsDictionary = true;
    }

    /// <summary>Gets the bytes of the rows or of the dictionary.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Gets the offset at which each row, or each entry of the dictionary, starts and ends: one more than there are.</summary>
    public ReadOnlyMemory<int> Offsets { get; }

    /// <summary>Gets, in dictionary form, one code a row, ignored where the row is null; else empty.</summary>
    public ReadOnlyMemory<int> Codes { get; }

    /// <summary>Gets a value indicating whether the rows are codes of a dictionary.</summary>
    public bool IsDictionary { get; }

    /// <summary>Makes a column in dictionary form. A code of a row that is not null must be one of the dictionary's.</summary>
    /// <param name="bytes">The bytes of the dictionary's entries.</param>
    /// <param name="offsets">One more than there are entries, never decreasing.</param>
    /// <param name="codes">One code a row.</param>
    /// <param name="validity">The rows that hold a value; empty: all.</param>
    /// <exception cref="ArgumentException">The offsets are not in the bytes.</exception>
    public static BytesData OfDictionary(
        ReadOnlyMemory<byte> bytes, ReadOnlyMemory<int> offsets, ReadOnlyMemory<int> codes, ReadOnlyMemory<ulong> validity = default) =>
        new(bytes, offsets, codes, validity);

    /// <summary>Gets a row's bytes; what a null row holds is undefined.</summary>
    public ReadOnlySpan<byte> this[int row]
    {
        get
        {
            int entry = IsDictionary ? Codes.Span[row] : row;
            return Bytes.Span[Offsets.Span[entry]..Offsets.Span[entry + 1]];
        }
    }

    private static void CheckOffsets(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<int> offsets)
    {
        if (offsets.IsEmpty)
        {
            throw new ArgumentException("Offsets hold at least one entry.", nameof(offsets));
        }

        // Only the ends are checked here: a decreasing offset between them fails where it is used.
        if (offsets.Span[0] < 0 || offsets.Span[^1] > bytes.Length || offsets.Span[^1] < offsets.Span[0])
        {
            throw new ArgumentException("The offsets are not within the bytes.", nameof(offsets));
        }
    }
}
