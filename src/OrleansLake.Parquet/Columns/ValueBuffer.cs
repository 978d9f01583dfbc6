namespace OrleansLake.Parquet;

/// <summary>A column of values of one size, as it was read.</summary>
/// <typeparam name="T">A value.</typeparam>
public abstract class ValueBuffer<T> : ColumnBuffer
    where T : unmanaged
{
    private T[] _values = [];

    private protected ValueBuffer()
    {
    }

    /// <summary>Gets one slot a row; a null row's is the type's default.</summary>
    public ReadOnlySpan<T> Values => _values.AsSpan(0, Count);

    /// <summary>Gets the slots as memory.</summary>
    public ReadOnlyMemory<T> Memory => _values.AsMemory(0, Count);

    /// <inheritdoc/>
    public override void FillNull(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        Reserve(rows);
        FillNullRows(rows);
        _values.AsSpan(0, rows).Clear();
    }

    private protected override void KeepRows(List<RowRange> rows, int kept) => Move(_values, rows);

    internal override unsafe long BytesFor(long rows) => (Count + rows) * sizeof(T);

    internal override void Reserve(int rows)
    {
        int needed = Count + rows;
        if (needed > _values.Length)
        {
            int size = Count == 0 ? needed : (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _values.Length));
            Array.Resize(ref _values, size);
        }
    }

    /// <summary>Gets the slots of all rows, to be converted in place.</summary>
    internal Span<T> Slots => _values.AsSpan(0, Count);

    /// <summary>Returns the free slots behind the rows, to be filled and then taken over by <see cref="ColumnBuffer.Advance"/>.</summary>
    internal Span<T> Free(int rows) => _values.AsSpan(Count, rows);

    /// <summary>Returns the slots and validity of another buffer's rows, whose values are still to be converted.</summary>
    internal Span<T> ShapeLike(ColumnBuffer from)
    {
        Clear();
        Reserve(from.Count);
        CopyValidity(from);
        return _values.AsSpan(0, Count);
    }
}
