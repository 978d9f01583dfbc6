namespace OrleansLake.Engine.Publishing;

/// <summary>The bitmap of the rows that hold a value, made when the first null shows up. Many threads may fill it.</summary>
internal sealed class RowValidity(int rows)
{
    private ulong[]? _words;

    /// <summary>Gets the bitmap; empty if no row is null.</summary>
    internal ReadOnlyMemory<ulong> Words => _words;

    /// <summary>Returns whether a row is null, as of now.</summary>
    internal bool IsNull(int row) => _words is { } words && (words[row >> 6] >> (row & 63) & 1) == 0;

    internal void SetNull(int row)
    {
        ulong[] words = _words ?? Make();

        // Rows of one word may be those of two batches, each filled by a thread of its own.
        Interlocked.And(ref words[row >> 6], ~(1UL << (row & 63)));
    }

    private ulong[] Make()
    {
        ulong[] words = new ulong[(rows + 63) >> 6];
        Array.Fill(words, ulong.MaxValue);
        return Interlocked.CompareExchange(ref _words, words, null) ?? words;
    }
}
