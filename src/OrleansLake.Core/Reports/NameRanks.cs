using System.Buffers.Binary;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>Ranks names by their bytes. Their first eight are compared as one number, which is all that numbers of 64 bits and most texts need.</summary>
internal static class NameRanks
{
    /// <summary>Returns a rank for each code: the same for the same name, higher for one that comes later.</summary>
    public static int[] Of(NameTable names, int[] codes)
    {
        ulong[] heads = new ulong[codes.Length];
        int[] order = new int[codes.Length];
        for (int i = 0; i < codes.Length; i++)
        {
            heads[i] = HeadOf(names[codes[i]]);
            order[i] = i;
        }

        Array.Sort(heads, order);
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && heads[end] == heads[start]; end++)
            {
            }

            if (end - start > 1)
            {
                Array.Sort(order, start, end - start, Comparer<int>.Create((a, b) => names[codes[a]].SequenceCompareTo(names[codes[b]])));
            }
        }

        int[] ranks = new int[codes.Length];
        for (int i = 0, rank = 0; i < order.Length; i++)
        {
            rank += i > 0 && codes[order[i]] != codes[order[i - 1]] ? 1 : 0;
            ranks[order[i]] = rank;
        }

        return ranks;
    }

    // Zeros behind a shorter name: where that makes two equal, the whole names decide.
    private static ulong HeadOf(ReadOnlySpan<byte> name)
    {
        if (name.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(name);
        }

        ulong head = 0;
        foreach (byte one in name)
        {
            head = head << 8 | one;
        }

        return name.IsEmpty ? 0 : head << (8 * (sizeof(ulong) - name.Length));
    }
}
