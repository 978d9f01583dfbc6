using System.Buffers.Binary;
using System.IO.Hashing;
using OrleansLake.Parquet.Internal.Format;
using OrleansLake.Parquet.Internal.Reading;
using OrleansLake.Parquet.Metadata;

namespace OrleansLake.Parquet.Internal.Pruning;

/// <summary>Finds the rows of a column chunk that may meet a condition, as far as statistics, bloom filter and page index show.</summary>
internal static class RowSearch
{
    public static List<RowRange> Find(ByteSource source, ColumnChunkMetadata chunk, Leaf leaf, bool isTrusted, int rows, ColumnRange condition)
    {
        CheckType(leaf, condition);
        if (!MayMatch(leaf, chunk.Statistics, isTrusted, rows, condition)
            || (condition.IsEquality && chunk.BloomFilterOffset is { } bloom && TryHash(leaf, condition, out ulong hash) && !BloomFilter.MayContain(source, bloom, hash)))
        {
            return [];
        }

        List<PageMetadata> pages = PageIndexReader.Read(source, chunk, rows);
        if (pages.Count == 0)
        {
            return rows == 0 ? [] : [new RowRange(0, rows)];
        }

        var found = new List<RowRange>();
        foreach (PageMetadata page in pages)
        {
            if (!MayMatch(leaf, page.Statistics, isTrusted, page.Rows.Count, condition))
            {
                continue;
            }

            if (found.Count != 0 && found[^1].End == page.Rows.Start)
            {
                found[^1] = found[^1] with { Count = found[^1].Count + page.Rows.Count };
            }
            else
            {
                found.Add(page.Rows);
            }
        }

        return found;
    }

    /// <summary>Returns the rows that are in both lists, each of which is in order.</summary>
    public static List<RowRange> Intersect(List<RowRange> a, List<RowRange> b)
    {
        var both = new List<RowRange>();
        int i = 0;
        int j = 0;
        while (i < a.Count && j < b.Count)
        {
            int start = Math.Max(a[i].Start, b[j].Start);
            int end = Math.Min(a[i].End, b[j].End);
            if (start < end)
            {
                both.Add(new RowRange(start, end - start));
            }

            if (a[i].End < b[j].End)
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return both;
    }

    private static void CheckType(Leaf leaf, ColumnRange condition)
    {
        bool isRight = leaf.StoredAs switch
        {
            PhysicalType.Float or PhysicalType.Double => condition.Reals is not null,
            PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray => condition.Bytes is not null,
            PhysicalType.Boolean => false,
            _ => condition.Integers is not null,
        };
        if (!isRight)
        {
            throw new ParquetException(ParquetErrorKind.TypeMismatch, $"The column is {leaf.Field?.Type} ({leaf.StoredAs}), the condition is not.");
        }
    }

    private static bool MayMatch(Leaf leaf, ColumnStatistics? statistics, bool isTrusted, int rows, ColumnRange condition)
    {
        if (statistics is null)
        {
            return true;
        }

        if (statistics.NullCount == rows)
        {
            return false;
        }

        if (!isTrusted)
        {
            return true;
        }

        if (condition.Integers is { } integers)
        {
            return TypedBounds.Integers(leaf, statistics) is not { } bounds || (bounds.Min <= integers.Max && bounds.Max >= integers.Min);
        }

        if (condition.Reals is { } reals)
        {
            return TypedBounds.Reals(leaf, statistics) is not { } bounds || (bounds.Min <= reals.Max && bounds.Max >= reals.Min);
        }

        return condition.Bytes is not { } bytes || TypedBounds.Bytes(leaf, statistics) is not { } ends
            || !(IsBelow(bytes.Max, ends.Min) || IsBelow(ends.Max, bytes.Min));
    }

    private static bool IsBelow(ReadOnlyMemory<byte>? a, ReadOnlyMemory<byte>? b) =>
        a is { } left && b is { } right && left.Span.SequenceCompareTo(right.Span) < 0;

    private static bool IsBelow(byte[]? a, ReadOnlyMemory<byte>? b) => a is not null && b is { } right && a.AsSpan().SequenceCompareTo(right.Span) < 0;

    private static bool IsBelow(ReadOnlyMemory<byte>? a, byte[]? b) => b is not null && a is { } left && left.Span.SequenceCompareTo(b) < 0;

    // A filter holds values as they are stored, so only a condition that stands for one stored value is looked up.
    private static bool TryHash(Leaf leaf, ColumnRange condition, out ulong hash)
    {
        Span<byte> value = stackalloc byte[sizeof(long)];
        if (condition.Bytes is { Min: { } bytes })
        {
            hash = XxHash64.HashToUInt64(bytes);
            return true;
        }

        if (condition.Integers is { Min: var integer } && leaf.StoredAs == PhysicalType.Int32 && integer == (int)integer)
        {
            BinaryPrimitives.WriteInt32LittleEndian(value, (int)integer);
            hash = XxHash64.HashToUInt64(value[..sizeof(int)]);
            return true;
        }

        hash = 0;
        if (condition.Integers is { Min: var wide } && leaf.StoredAs == PhysicalType.Int64 && leaf.Unit is TimestampUnit.None or TimestampUnit.Micros)
        {
            BinaryPrimitives.WriteInt64LittleEndian(value, wide);
            hash = XxHash64.HashToUInt64(value);
            return true;
        }

        return false;
    }
}
