using System.Buffers.Binary;
using OrleansLake.Parquet.Columns;
using OrleansLake.Parquet.Internal.Format;
using OrleansLake.Parquet.Metadata;

namespace OrleansLake.Parquet.Internal.Pruning;

/// <summary>Bounds of a file as values of the column's type; none where they cannot be relied on.</summary>
internal static class TypedBounds
{
    private const long NanosPerMicro = 1000;
    private const long MicrosPerMilli = 1000;

    /// <summary>Bounds of integers and dates, and of timestamps in microseconds.</summary>
    public static ColumnBounds<long>? Integers(Leaf leaf, ColumnStatistics statistics)
    {
        if (statistics.Min is not { } min || statistics.Max is not { } max
            || !TryRead(leaf, min.Span, out long low) || !TryRead(leaf, max.Span, out long high) || low > high)
        {
            return null;
        }

        return new ColumnBounds<long>(low, high);
    }

    /// <summary>Bounds of floating point, never NaN.</summary>
    public static ColumnBounds<double>? Reals(Leaf leaf, ColumnStatistics statistics)
    {
        if (statistics.Min is not { } min || statistics.Max is not { } max)
        {
            return null;
        }

        int bytes = leaf.StoredAs switch { PhysicalType.Float => sizeof(float), PhysicalType.Double => sizeof(double), _ => 0 };
        if (bytes == 0 || min.Length != bytes || max.Length != bytes)
        {
            return null;
        }

        bool isFloat = bytes == sizeof(float);
        double low = isFloat ? BinaryPrimitives.ReadSingleLittleEndian(min.Span) : BinaryPrimitives.ReadDoubleLittleEndian(min.Span);
        double high = isFloat ? BinaryPrimitives.ReadSingleLittleEndian(max.Span) : BinaryPrimitives.ReadDoubleLittleEndian(max.Span);

        // False for a NaN too: parquet.thrift has readers pass over such bounds.
        return low <= high ? new ColumnBounds<double>(low, high) : null;
    }

    /// <summary>Bounds of text and binary in the order of their bytes; an end that is not known is null.</summary>
    public static ColumnBounds<ReadOnlyMemory<byte>?>? Bytes(Leaf leaf, ColumnStatistics statistics)
    {
        if (leaf.StoredAs is not (PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray)
            || (statistics.Min is null && statistics.Max is null))
        {
            return null;
        }

        return statistics is { Min: { } min, Max: { } max } && min.Span.SequenceCompareTo(max.Span) > 0
            ? null
            : new ColumnBounds<ReadOnlyMemory<byte>?>(statistics.Min, statistics.Max);
    }

    private static bool TryRead(Leaf leaf, ReadOnlySpan<byte> bound, out long value)
    {
        value = 0;
        switch (leaf.StoredAs)
        {
            case PhysicalType.Boolean when bound.Length == 1:
                value = bound[0] & 1;
                return true;
            case PhysicalType.Int32 when bound.Length == sizeof(int):
                int narrow = BinaryPrimitives.ReadInt32LittleEndian(bound);
                value = leaf.IsUnsigned ? (uint)narrow : narrow;
                return true;
            case PhysicalType.Int64 when bound.Length == sizeof(long):
                value = BinaryPrimitives.ReadInt64LittleEndian(bound);
                return !(leaf.IsUnsigned && value < 0) && TryToMicros(ref value, leaf.Unit);
            default:
                // INT96: parquet.thrift gives it no order.
                return false;
        }
    }

    private static bool TryToMicros(ref long value, TimestampUnit unit)
    {
        switch (unit)
        {
            case TimestampUnit.Millis:
                bool isInRange = value is >= long.MinValue / MicrosPerMilli and <= long.MaxValue / MicrosPerMilli;
                value = isInRange ? value * MicrosPerMilli : 0;
                return isInRange;
            case TimestampUnit.Nanos:
                value = (value / NanosPerMicro) - (value % NanosPerMicro < 0 ? 1 : 0);
                return true;
            default:
                return true;
        }
    }
}
