using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace OrleansLake.Parquet.Metadata;

/// <summary>Bounds of a column as people read them.</summary>
internal static class BoundText
{
    private const string Malformed = "?";

    public static string Format(ColumnChunkMetadata column, ReadOnlySpan<byte> bound)
    {
        int needed = column.StoredAs switch
        {
            PhysicalType.Boolean => 1,
            PhysicalType.Int32 or PhysicalType.Float => 4,
            PhysicalType.Int64 or PhysicalType.Double => 8,
            PhysicalType.Int96 => 12,
            _ => bound.Length,
        };
        if (bound.Length != needed)
        {
            return Malformed;
        }

        CultureInfo culture = CultureInfo.InvariantCulture;
        return column.StoredAs switch
        {
            PhysicalType.Boolean => bound[0] == 0 ? "false" : "true",
            PhysicalType.Int32 when column.Field?.Type == ParquetType.Date => DateText(BinaryPrimitives.ReadInt32LittleEndian(bound)),
            PhysicalType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bound).ToString(culture),
            PhysicalType.Int64 => Int64Text(column, BinaryPrimitives.ReadInt64LittleEndian(bound)),
            PhysicalType.Float => BinaryPrimitives.ReadSingleLittleEndian(bound).ToString(culture),
            PhysicalType.Double => BinaryPrimitives.ReadDoubleLittleEndian(bound).ToString(culture),
            _ when column.Field?.Type == ParquetType.String => Encoding.UTF8.GetString(bound),
            _ => Convert.ToHexStringLower(bound),
        };
    }

    private static string DateText(int days)
    {
        long number = days + (DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerDay);
        return number >= 0 && number <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : days.ToString(CultureInfo.InvariantCulture);
    }

    private static string Int64Text(ColumnChunkMetadata column, long value)
    {
        Int128 ticks = column.Unit switch
        {
            TimestampUnit.Millis => (Int128)value * TimeSpan.TicksPerMillisecond,
            TimestampUnit.Micros => (Int128)value * TimeSpan.TicksPerMicrosecond,
            TimestampUnit.Nanos => value / 100,
            _ => Int128.MinValue,
        };
        ticks += column.Unit == TimestampUnit.None ? 0 : DateTime.UnixEpoch.Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        string zone = column.Field is { IsAdjustedToUtc: true } ? "Z" : "";
        return new DateTime((long)ticks).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + zone;
    }
}
