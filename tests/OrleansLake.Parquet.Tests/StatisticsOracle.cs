using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace OrleansLake.Parquet.Tests;

/// <summary>Holds a chunk's statistics against its rows, as <see cref="RandomTable.TextOf"/> has them.</summary>
internal static class StatisticsOracle
{
    public static void Check(ColumnChunkMetadata chunk, List<string?> rows)
    {
        ColumnStatistics statistics = chunk.Statistics!;
        List<string> values = [.. rows.OfType<string>()];
        Assert.Equal(rows.Count - values.Count, statistics.NullCount);
        Assert.True(statistics.DistinctCount is null || statistics.DistinctCount == values.Distinct().Count());
        if (values.Count == 0)
        {
            Assert.Null(statistics.Min);
            Assert.Null(statistics.Max);
            return;
        }

        switch (chunk.Field!.Type)
        {
            case ParquetType.Boolean:
                Assert.Equal(values.Contains("False") ? 0 : 1, statistics.Min!.Value.Span[0]);
                Assert.Equal(values.Contains("True") ? 1 : 0, statistics.Max!.Value.Span[0]);
                break;
            case ParquetType.Int32 or ParquetType.Date:
                IEnumerable<int> ints = values.Select(v => int.Parse(v, CultureInfo.InvariantCulture));
                Assert.Equal(ints.Min(), BinaryPrimitives.ReadInt32LittleEndian(statistics.Min!.Value.Span));
                Assert.Equal(ints.Max(), BinaryPrimitives.ReadInt32LittleEndian(statistics.Max!.Value.Span));
                break;
            case ParquetType.Int64 or ParquetType.TimestampMicros:
                IEnumerable<long> longs = values.Select(v => long.Parse(v, CultureInfo.InvariantCulture));
                Assert.Equal(longs.Min(), BinaryPrimitives.ReadInt64LittleEndian(statistics.Min!.Value.Span));
                Assert.Equal(longs.Max(), BinaryPrimitives.ReadInt64LittleEndian(statistics.Max!.Value.Span));
                break;
            case ParquetType.Float:
                CheckReal(
                    values.Select(v => (double)BitConverter.UInt32BitsToSingle(uint.Parse(v, NumberStyles.HexNumber, CultureInfo.InvariantCulture))),
                    statistics.Min is { } f ? BinaryPrimitives.ReadSingleLittleEndian(f.Span) : null,
                    statistics.Max is { } g ? BinaryPrimitives.ReadSingleLittleEndian(g.Span) : null);
                break;
            case ParquetType.Double:
                CheckReal(
                    values.Select(v => BitConverter.UInt64BitsToDouble(ulong.Parse(v, NumberStyles.HexNumber, CultureInfo.InvariantCulture))),
                    statistics.Min is { } d ? BinaryPrimitives.ReadDoubleLittleEndian(d.Span) : null,
                    statistics.Max is { } e ? BinaryPrimitives.ReadDoubleLittleEndian(e.Span) : null);
                break;
            default:
                CheckBytes(chunk, [.. values.Select(Convert.FromHexString)]);
                break;
        }
    }

    private static void CheckReal(IEnumerable<double> values, double? min, double? max)
    {
        List<double> numbers = [.. values];
        if (numbers.Exists(double.IsNaN))
        {
            Assert.Null(min);
            Assert.Null(max);
            return;
        }

        Assert.Equal(numbers.Min() == 0 ? -0.0 : numbers.Min(), min!.Value);
        Assert.Equal(numbers.Max() == 0 ? 0.0 : numbers.Max(), max!.Value);
        Assert.True(min != 0 || double.IsNegative(min.Value));
        Assert.True(max != 0 || double.IsPositive(max.Value));
    }

    private static void CheckBytes(ColumnChunkMetadata chunk, List<byte[]> values)
    {
        values.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        byte[] least = values[0];
        byte[] greatest = values[^1];
        ReadOnlySpan<byte> min = chunk.Statistics!.Min!.Value.Span;
        Assert.True(min.Length <= 64 && min.SequenceCompareTo(least) <= 0);
        Assert.Equal(least.Length <= 64, min.SequenceEqual(least));
        Assert.Equal(chunk.Statistics.IsMinExact, min.SequenceEqual(least));
        if (chunk.Field!.Type == ParquetType.String)
        {
            Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(min).Where(c => !Encoding.UTF8.GetString(least).Contains(c)));
        }

        if (chunk.Statistics.Max is not { } bound)
        {
            // Only what cannot be raised has no upper bound.
            Assert.True(greatest.Length > 64);
            return;
        }

        Assert.True(bound.Length <= 64 && bound.Span.SequenceCompareTo(greatest) >= 0);
        Assert.Equal(greatest.Length <= 64, bound.Span.SequenceEqual(greatest));
        Assert.Equal(chunk.Statistics.IsMaxExact, bound.Span.SequenceEqual(greatest));
        if (chunk.Field.Type == ParquetType.String)
        {
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bound.Span);
        }
    }
}
