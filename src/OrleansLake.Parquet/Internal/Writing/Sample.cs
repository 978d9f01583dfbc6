namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>
/// Estimates from a few values whether a dictionary is worth a try, so that a column of distinct values costs no hashing.
/// </summary>
internal static class Sample
{
    /// <summary>The number of values that are sampled.</summary>
    public const int ValuesMax = 1024;
    private const int SlotsCount = 4 * ValuesMax;

    /// <summary>Counts distinct hashes, of which there are at most <see cref="ValuesMax"/>.</summary>
    public static int CountDistinct(ReadOnlySpan<ulong> hashes)
    {
        Span<ulong> slots = stackalloc ulong[SlotsCount];
        slots.Clear();
        int distinct = 0;
        foreach (ulong hash in hashes)
        {
            // 0 marks a free slot.
            ulong key = hash | 1UL << 63;
            int slot = (int)(hash >> 40) & (SlotsCount - 1);
            while (slots[slot] != 0 && slots[slot] != key)
            {
                slot = (slot + 1) & (SlotsCount - 1);
            }

            if (slots[slot] == 0)
            {
                slots[slot] = key;
                distinct++;
            }
        }

        return distinct;
    }

    /// <summary>Returns the index of a sample's value, spread over all values.</summary>
    public static int IndexOf(int sample, int samples, int count) => (int)((long)sample * count / samples);
}
