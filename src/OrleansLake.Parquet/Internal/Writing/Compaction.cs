namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>Takes the slots of rows that hold a value, one after the other.</summary>
internal static class Compaction
{
    public static void Compact<T>(ReadOnlySpan<T> slots, ReadOnlySpan<ulong> validity, int start, Span<T> into)
        where T : unmanaged
    {
        int to = 0;
        for (int i = 0; i < slots.Length && to < into.Length; i++)
        {
            // Written always and kept where the bit is 1: no branch to mispredict.
            into[to] = slots[i];
            int row = start + i;
            to += (int)(validity[row >> 6] >> (row & 63)) & 1;
        }
    }
}
