namespace OrleansLake.Parquet;

/// <summary>
/// One column of one row group as it was read. A buffer is reused: its arrays grow to what it needed most, and what it
/// shows is valid until the next read into it.
/// </summary>
public abstract class ColumnBuffer
{
    private ulong[] _validity = [];
    private byte[] _levels = [];
    private int _levelCount;
    private byte[] _repetitions = [];
    private int _repetitionCount;

    private protected ColumnBuffer()
    {
    }

    /// <summary>Gets the number of rows; of a repeated column, of its values, where a row without any has a null.</summary>
    public int Count { get; private protected set; }

    /// <summary>Gets the number of rows that are null.</summary>
    public int NullCount { get; private set; }

    /// <summary>
    /// Gets the bitmap in which bit <c>row</c> (least significant first) is 1 where the row holds a value; empty while no row is null. Bits
    /// past the last row are undefined.
    /// </summary>
    public ReadOnlyMemory<ulong> Validity => NullCount == 0 ? default : _validity.AsMemory(0, (Count + 63) >> 6);

    /// <summary>
    /// Gets, of a column in a group, for each row how far there is a value: where it is below a group's own
    /// <see cref="ParquetColumn.DefinitionLevel"/>, the group is null. Empty for a column where that cannot be.
    /// </summary>
    public ReadOnlySpan<byte> DefinitionLevels => _levels.AsSpan(0, _levelCount);

    /// <summary>
    /// Gets, of a repeated column or one in a repeated group, for each value at which level it is one more: 0 where a row begins, else the
    /// <see cref="ParquetColumn.RepetitionLevel"/> of what has one more. Empty for a column with one value a row.
    /// </summary>
    public ReadOnlySpan<byte> RepetitionLevels => _repetitions.AsSpan(0, _repetitionCount);

    /// <summary>Returns whether a row is null.</summary>
    public bool IsNull(int row) => NullCount != 0 && (_validity[row >> 6] >> (row & 63) & 1) == 0;

    /// <summary>Returns the column as it can be written, over this buffer's arrays.</summary>
    public abstract ColumnData AsData();

    /// <summary>Makes this a column of nulls: what a column that a file does not have reads as.</summary>
    public abstract void FillNull(int rows);

    /// <summary>Returns the bytes that the arrays take after growing by some rows.</summary>
    internal abstract long BytesFor(long rows);

    internal abstract void Reserve(int rows);

    internal virtual void Clear()
    {
        Count = 0;
        NullCount = 0;
        _levelCount = 0;
        _repetitionCount = 0;
    }

    /// <summary>Returns the validity bits as they can be set, for rows up to <paramref name="rows"/>; all 1 before the first null.</summary>
    internal Span<ulong> ReserveValidity(int rows)
    {
        int words = (rows + 63) >> 6;
        if (_validity.Length < words)
        {
            Array.Resize(ref _validity, Math.Max(words, 2 * _validity.Length));
        }

        return _validity;
    }

    /// <summary>Returns the levels as they can be set, for rows up to <paramref name="rows"/>.</summary>
    internal Span<byte> ReserveLevels(int rows)
    {
        if (_levels.Length < rows)
        {
            Array.Resize(ref _levels, Math.Max(rows, (int)Math.Min(2L * _levels.Length, Array.MaxLength)));
        }

        _levelCount = rows;
        return _levels.AsSpan(0, rows);
    }

    /// <summary>Returns the repetition levels as they can be set, for values up to <paramref name="values"/>.</summary>
    internal Span<byte> ReserveRepetitions(int values)
    {
        if (_repetitions.Length < values)
        {
            Array.Resize(ref _repetitions, Math.Max(values, (int)Math.Min(2L * _repetitions.Length, Array.MaxLength)));
        }

        _repetitionCount = values;
        return _repetitions.AsSpan(0, values);
    }

    /// <summary>Takes rows over whose bits are in the bitmap if there are nulls among them or before them.</summary>
    internal void Advance(int rows, int nulls)
    {
        Count += rows;
        NullCount += nulls;
    }

    /// <summary>Keeps some rows, which are in order, and lets go of the others.</summary>
    internal void Keep(List<RowRange> rows)
    {
        int kept = 0;
        foreach (RowRange range in rows)
        {
            kept += range.Count;
        }

        if (kept == Count)
        {
            return;
        }

        KeepRows(rows, kept);
        if (NullCount != 0)
        {
            int to = 0;
            foreach (RowRange range in rows)
            {
                // Rows only move forward to places already left: a bit is read before it is overwritten.
                for (int from = range.Start; from < range.End; from++, to++)
                {
                    ulong bit = _validity[from >> 6] >> (from & 63) & 1;
                    _validity[to >> 6] = (_validity[to >> 6] & ~(1UL << (to & 63))) | bit << (to & 63);
                }
            }

            NullCount = kept - ColumnData.CountValid(_validity, 0, kept);
        }

        Count = kept;
    }

    /// <summary>Moves what is kept to the front; <see cref="Count"/> is not changed.</summary>
    private protected abstract void KeepRows(List<RowRange> rows, int kept);

    private protected static void Move<T>(T[] slots, List<RowRange> rows)
    {
        int to = 0;
        foreach (RowRange range in rows)
        {
            Array.Copy(slots, range.Start, slots, to, range.Count);
            to += range.Count;
        }
    }

    private protected void FillNullRows(int rows)
    {
        Clear();
        ReserveValidity(rows).Clear();
        Count = rows;
        NullCount = rows;
    }

    private protected void CopyValidity(ColumnBuffer from)
    {
        Count = from.Count;
        NullCount = from.NullCount;
        if (from.NullCount != 0)
        {
            from.Validity.Span.CopyTo(ReserveValidity(Count));
        }
    }
}
