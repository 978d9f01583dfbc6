namespace OrleansLake.Parquet;

/// <summary>
/// Text or bytes as they were read, in the form that the file has them in: as codes of a dictionary if the column
/// chunk is wholly dictionary-encoded (and <see cref="PreferDirect"/> is not set), else one after the other. See
/// <see cref="BytesData"/> for the two forms.
/// </summary>
public sealed class BytesBuffer : ColumnBuffer
{
    private byte[] _bytes = [];
    private int _bytesCount;
    private int[] _offsets = new int[1];
    private int[] _codes = [];
    private int _entryCount;

    /// <summary>Gets a value indicating whether rows are always read in direct form.</summary>
    public bool PreferDirect { get; init; }

    /// <summary>Gets a value indicating whether the rows are codes of a dictionary.</summary>
    public bool IsDictionary { get; private set; }

    /// <summary>Gets the bytes of the rows or of the dictionary's entries.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _bytesCount);

    /// <summary>Gets the offset at which each row, or each entry of the dictionary, starts and ends: one more than there are.</summary>
    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, EntryCount + 1);

    /// <summary>Gets, in dictionary form, one code a row, 0 for a null; else empty.</summary>
    public ReadOnlySpan<int> Codes => IsDictionary ? _codes.AsSpan(0, Count) : [];

    /// <summary>Gets the number of entries that the dictionary has; in direct form the number of rows.</summary>
    public int EntryCount => IsDictionary ? _entryCount : Count;

    /// <summary>Gets a row's bytes; empty for a null.</summary>
    public ReadOnlySpan<byte> this[int row]
    {
        get
        {
            if (IsNull(row))
            {
                return [];
            }

            int entry = IsDictionary ? _codes[row] : row;
            return _bytes.AsSpan(_offsets[entry], _offsets[entry + 1] - _offsets[entry]);
        }
    }

    /// <inheritdoc/>
    public override ColumnData AsData() => IsDictionary
        ? BytesData.OfDictionary(_bytes.AsMemory(0, _bytesCount), _offsets.AsMemory(0, _entryCount + 1), _codes.AsMemory(0, Count), Validity)
        : new BytesData(_bytes.AsMemory(0, _bytesCount), _offsets.AsMemory(0, Count + 1), Validity);

    /// <inheritdoc/>
    public override void FillNull(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        Clear();
        Reserve(rows);
        FillNullRows(rows);
        _offsets.AsSpan(0, rows + 1).Clear();
    }

    private protected override void KeepRows(List<RowRange> rows, int kept)
    {
        if (IsDictionary)
        {
            Move(_codes, rows);
            return;
        }

        int row = 0;
        int end = 0;
        foreach (RowRange range in rows)
        {
            int first = _offsets[range.Start];
            int shift = first - end;
            Array.Copy(_bytes, first, _bytes, end, _offsets[range.End] - first);
            for (int from = range.Start; from < range.End; from++)
            {
                _offsets[row++] = end;
                end = _offsets[from + 1] - shift;
            }
        }

        _offsets[row] = end;
        _bytesCount = end;
    }

    internal override long BytesFor(long rows) => (Count + rows) * sizeof(int) + _bytesCount;

    internal override void Clear()
    {
        base.Clear();
        IsDictionary = false;
        _bytesCount = 0;
        _entryCount = 0;
        _offsets[0] = 0;
    }

    /// <summary>Ensures capacity for rows: for codes in dictionary form, for offsets in direct form.</summary>
    internal override void Reserve(int rows)
    {
        if (IsDictionary)
        {
            Grow(ref _codes, Count, Count + rows);
        }
        else
        {
            Grow(ref _offsets, Count + 1, Count + rows + 1);
        }
    }

    internal void ReserveBytes(int bytes) =>
        Grow(ref _bytes, _bytesCount, CheckedSum(_bytesCount, bytes));

    /// <summary>Takes a dictionary over; from here on rows are codes. Only for an empty buffer.</summary>
    internal void BeginDictionary(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> offsets)
    {
        IsDictionary = true;
        _entryCount = offsets.Length - 1;
        ReserveBytes(bytes.Length);
        bytes.CopyTo(_bytes);
        _bytesCount = bytes.Length;
        Grow(ref _offsets, 0, offsets.Length);
        offsets.CopyTo(_offsets);
    }

    /// <summary>Returns the codes behind the rows, to be filled and then taken over by <see cref="ColumnBuffer.Advance"/>.</summary>
    internal Span<int> FreeCodes(int rows) => _codes.AsSpan(Count, rows);

    /// <summary>Returns the codes of the rows read so far.</summary>
    internal int[] TakeCodes() => _codes;

    /// <summary>
    /// Returns the ends of the rows behind the rows, to be filled, and where their bytes start.
    /// </summary>
    internal Span<int> FreeEnds(int rows) => _offsets.AsSpan(Count + 1, rows);

    /// <summary>Gets the free bytes behind the bytes; what was filled is taken over by <see cref="AdvanceBytes"/>.</summary>
    internal Span<byte> FreeBytes => _bytes.AsSpan(_bytesCount);

    internal int BytesCount => _bytesCount;

    internal void AdvanceBytes(int bytes) => _bytesCount += bytes;

    /// <summary>Goes from codes to direct form, keeping the validity of the rows read so far.</summary>
    internal void EndDictionary()
    {
        IsDictionary = false;
        _bytesCount = 0;
        _offsets[0] = 0;
        Grow(ref _offsets, 1, Count + 1);
    }

    /// <summary>Gets the ends of all rows, after <see cref="EndDictionary"/>.</summary>
    internal Span<int> AllEnds => _offsets.AsSpan(1, Count);

    private static int CheckedSum(int a, int b) => a <= Array.MaxLength - b ? a + b
        : throw new ParquetException(ParquetErrorKind.LimitExceeded, "The column holds more than 2 GiB in one row group.");

    // What one row group needs, the next needs too, or a few bytes more: these are not to cost another array.
    private static void Grow<T>(ref T[] array, int used, int needed)
    {
        if (needed > array.Length)
        {
            long size = used <= 1 ? needed + (needed / 16L) : Math.Max(needed, 2L * array.Length);
            Array.Resize(ref array, (int)Math.Min(Array.MaxLength, size));
        }
    }
}
