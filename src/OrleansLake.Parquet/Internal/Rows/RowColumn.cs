namespace OrleansLake.Parquet.Internal.Rows;

/// <summary>Collects one column of rows until a row group is full.</summary>
internal abstract class RowColumn<T>
{
    private ulong[] _validity = new ulong[16];
    private bool _hasNulls;

    /// <summary>Gets the number of rows that were added since the last <see cref="Clear"/>.</summary>
    public int Count { get; private set; }

    public abstract void Add(T row);

    /// <summary>Returns the rows as a column, valid until the next change.</summary>
    public abstract ColumnData ToData();

    public virtual void Clear()
    {
        Count = 0;
        _hasNulls = false;
    }

    private protected ReadOnlyMemory<ulong> Validity => _hasNulls ? _validity.AsMemory(0, (Count + 63) >> 6) : default;

    private protected void Advance(bool isValid)
    {
        int word = Count >> 6;
        if (word == _validity.Length)
        {
            Array.Resize(ref _validity, 2 * word);
        }

        ulong bit = 1UL << (Count & 63);
        _validity[word] = isValid ? _validity[word] | bit : _validity[word] & ~bit;
        _hasNulls |= !isValid;
        Count++;
    }

    private protected static void Grow<TSlot>(ref TSlot[] slots, int needed)
    {
        if (needed > slots.Length)
        {
            Array.Resize(ref slots, Math.Max(needed, 2 * slots.Length));
        }
    }
}
