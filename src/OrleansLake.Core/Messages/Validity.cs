namespace OrleansLake.Core.Messages;

/// <summary>
/// A bitmap of the rows of a column that hold a value: bit <c>row</c> of the bitmap (least significant first) is 1 for a value
/// and 0 for a null, as in Arrow. While nothing is null there is no bitmap at all.
/// </summary>
public sealed class Validity
{
    private ulong[] _words = [];

    /// <summary>Gets the number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the number of rows that are null.</summary>
    public int NullCount { get; private set; }

    /// <summary>Gets the bitmap, empty while no row is null. Bits past <see cref="Count"/> are undefined.</summary>
    public ReadOnlySpan<ulong> Words => NullCount == 0 ? [] : _words.AsSpan(0, (Count + 63) >> 6);

    /// <summary>Returns whether a row is null.</summary>
    public bool IsNull(int row) => NullCount != 0 && (_words[row >> 6] >> (row & 63) & 1) == 0;

    /// <summary>Appends a row that holds a value.</summary>
    public void AppendValid()
    {
        if (NullCount != 0)
        {
            Reserve(Count + 1);
            _words[Count >> 6] |= 1UL << (Count & 63);
        }

        Count++;
    }

    /// <summary>Appends rows that hold values.</summary>
    public void AppendValid(int rows)
    {
        if (NullCount == 0)
        {
            Count += rows;
            return;
        }

        for (int i = 0; i < rows; i++)
        {
            AppendValid();
        }
    }

    /// <summary>Appends a null row.</summary>
    public void AppendNull()
    {
        Reserve(Count + 1);
        if (NullCount == 0)
        {
            // The first null: every row so far holds a value.
            _words.AsSpan(0, (Count + 63) >> 6).Fill(ulong.MaxValue);
        }

        _words[Count >> 6] &= ~(1UL << (Count & 63));
        Count++;
        NullCount++;
    }

    /// <summary>Drops the rows from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        for (int row = count; row < Count && NullCount != 0; row++)
        {
            if (IsNull(row))
            {
                NullCount--;
            }
        }

        Count = count;
    }

    private void Reserve(int rows)
    {
        int words = (rows + 63) >> 6;
        if (words > _words.Length)
        {
            Array.Resize(ref _words, Math.Max(words, Math.Max(4, _words.Length * 2)));
        }
    }
}
