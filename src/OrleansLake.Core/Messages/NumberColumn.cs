namespace OrleansLake.Core.Messages;

/// <summary>
/// A growable column of numbers, one slot a row; a null row has a slot too (its value is the type's default).
/// </summary>
/// <typeparam name="T"><see cref="int"/> or <see cref="long"/>.</typeparam>
public class NumberColumn<T>
    where T : unmanaged
{
    private T[] _values = [];
    private readonly Validity _validity = new();

    /// <summary>Gets the number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the number of rows that are null.</summary>
    public int NullCount => _validity.NullCount;

    /// <summary>Gets one slot a row. Valid until the next append.</summary>
    public ReadOnlySpan<T> Values => _values.AsSpan(0, Count);

    /// <summary>Gets the slots as memory. Valid until the next append.</summary>
    public ReadOnlyMemory<T> Memory => _values.AsMemory(0, Count);

    /// <summary>Gets which rows hold a value.</summary>
    public Validity Validity => _validity;

    /// <summary>Returns whether a row is null.</summary>
    public bool IsNull(int row) => _validity.IsNull(row);

    /// <summary>Appends a value.</summary>
    public void Append(T value)
    {
        if (Count == _values.Length)
        {
            Grow(Count + 1);
        }

        _values[Count++] = value;
        _validity.AppendValid();
    }

    /// <summary>Appends a null.</summary>
    public void AppendNull()
    {
        if (Count == _values.Length)
        {
            Grow(Count + 1);
        }

        _values[Count++] = default;
        _validity.AppendNull();
    }

    /// <summary>Appends a row of another column, null or not.</summary>
    public void AppendRow(NumberColumn<T> from, int row)
    {
        ArgumentNullException.ThrowIfNull(from);
        if (from.IsNull(row))
        {
            AppendNull();
        }
        else
        {
            Append(from._values[row]);
        }
    }

    /// <summary>Appends rows without nulls.</summary>
    public void AppendRange(ReadOnlySpan<T> values)
    {
        Grow(Count + values.Length);
        values.CopyTo(_values.AsSpan(Count));
        Count += values.Length;
        _validity.AppendValid(values.Length);
    }

    /// <summary>Drops the rows from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        Count = count;
        _validity.Truncate(count);
    }

    /// <summary>Ensures capacity for this many rows in all.</summary>
    public void Reserve(int rows) => ArrayGrowth.Reserve(ref _values, Count, rows);

    private void Grow(int needed)
    {
        if (needed > _values.Length)
        {
            ArrayGrowth.Reserve(ref _values, Count, Math.Max(needed, Math.Max(16, _values.Length * 2)));
        }
    }
}
