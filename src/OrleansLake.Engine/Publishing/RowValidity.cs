namespace OrleansLake.Engine.Publishing;

/// <summary>The bitmap of the rows that hold a value, made when the first null shows up.</summary>
internal sealed class RowValidity(int rows)
{
    private ulong[]? _words;

    /// <summary>The bitmap; empty if no row is null.</summary>
    internal ReadOnlyMemory<ulong> Words => _words;

    internal void SetNull(int row)
    {
        if (_words is null)
        {
            _words = new ulong[(rows + 63) >> 6];
            Array.Fill(_words, ulong.MaxValue);
        }

        _words[row >> 6] &= ~(1UL << (row & 63));
    }
}
