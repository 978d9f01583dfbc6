using System.Buffers;

namespace OrleansLake.Core.Reports;

/// <summary>
/// Sorts by numbers of few different bytes, such as counts and ids: byte by byte from the least, stable, and a byte that
/// all have in common costs nothing (Knuth, The Art of Computer Programming, volume 3, section 5.2.5).
/// </summary>
internal static class RadixSort
{
    // Below this, comparing is as fast.
    private const int LengthMin = 512;

    /// <summary>Sorts both by the keys, ascending.</summary>
    public static void Sort(Span<ulong> keys, Span<int> items)
    {
        if (keys.Length < LengthMin)
        {
            keys.Sort(items);
            return;
        }

        ulong differing = 0;
        foreach (ulong key in keys)
        {
            differing |= key ^ keys[0];
        }

        ulong[] otherKeys = ArrayPool<ulong>.Shared.Rent(keys.Length);
        int[] otherItems = ArrayPool<int>.Shared.Rent(items.Length);
        Span<ulong> from = keys;
        Span<ulong> to = otherKeys.AsSpan(0, keys.Length);
        Span<int> itemsFrom = items;
        Span<int> itemsTo = otherItems.AsSpan(0, items.Length);
        Span<int> starts = stackalloc int[256];
        bool isMoved = false;
        for (int shift = 0; shift < 64; shift += 8)
        {
            if ((byte)(differing >> shift) == 0)
            {
                continue;
            }

            starts.Clear();
            foreach (ulong key in from)
            {
                starts[(byte)(key >> shift)]++;
            }

            int start = 0;
            for (int digit = 0; digit < starts.Length; digit++)
            {
                (starts[digit], start) = (start, start + starts[digit]);
            }

            for (int i = 0; i < from.Length; i++)
            {
                int at = starts[(byte)(from[i] >> shift)]++;
                to[at] = from[i];
                itemsTo[at] = itemsFrom[i];
            }

            Span<ulong> sorted = to;
            Span<int> sortedItems = itemsTo;
            to = from;
            itemsTo = itemsFrom;
            from = sorted;
            itemsFrom = sortedItems;
            isMoved = !isMoved;
        }

        if (isMoved)
        {
            from.CopyTo(keys);
            itemsFrom.CopyTo(items);
        }

        ArrayPool<ulong>.Shared.Return(otherKeys);
        ArrayPool<int>.Shared.Return(otherItems);
    }
}
