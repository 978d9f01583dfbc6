using System.Numerics;

namespace OrleansLake.Parquet;

/// <summary>
/// One column of a batch of rows, over arrays of the caller, who leaves them alone while they are written. Every row
/// has a slot, a null row too; what is in a null row's slot is ignored.
/// </summary>
public abstract class ColumnData
{
    private protected ColumnData(int count, ReadOnlyMemory<ulong> validity)
    {
        Count = count;
        if (validity.IsEmpty)
        {
            return;
        }

        if (validity.Length < (count + 63) >> 6)
        {
            throw new ArgumentException("The validity bitmap is shorter than the column.", nameof(validity));
        }

        NullCount = count - CountValid(validity.Span, 0, count);
        Validity = NullCount == 0 ? default : validity;
    }

    /// <summary>Gets the number of rows.</summary>
    public int Count { get; }

    /// <summary>Gets the number of rows that are null.</summary>
    public int NullCount { get; }

    /// <summary>
    /// Gets the bitmap in which bit <c>row</c> (least significant first) is 1 where the row holds a value; empty while no row is null.
    /// </summary>
    public ReadOnlyMemory<ulong> Validity { get; }

    /// <summary>Returns whether a row is null.</summary>
    public bool IsNull(int row) => NullCount != 0 && (Validity.Span[row >> 6] >> (row & 63) & 1) == 0;

    /// <summary>Returns the number of bits that are 1 from a bit on.</summary>
    internal static int CountValid(ReadOnlySpan<ulong> words, int start, int count)
    {
        int valid = 0;
        int end = start + count;
        while (start < end)
        {
            int bits = Math.Min(64 - (start & 63), end - start);
            ulong word = words[start >> 6] >> (start & 63);
            valid += BitOperations.PopCount(bits == 64 ? word : word & ((1UL << bits) - 1));
            start += bits;
        }

        return valid;
    }
}
