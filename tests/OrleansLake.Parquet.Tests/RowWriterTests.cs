using System.Text;

namespace OrleansLake.Parquet.Tests;

/// <summary>Rows become the columns that they would be by hand.</summary>
public class RowWriterTests
{
    private static readonly RowSchema<Row> Schema = new RowSchema<Row>()
        .Timestamp("time", row => row.Time)
        .Text("text", row => row.Text)
        .Number("small", row => row.Small)
        .Number("large", row => row.Small * 10_000_000_000L)
        .Number("real", row => row.Small / 2.0)
        .Number("single", row => (float?)row.Small / 4)
        .LocalTimestamp("local", row => row.Time?.UtcDateTime)
        .Boolean("truth", row => row.Small > 2)
        .Date("day", row => row.Day)
        .Binary("bytes", row => row.Text is null ? null : Encoding.UTF8.GetBytes(row.Text));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Rows_and_nulls_become_columns_over_several_row_groups(int threads)
    {
        Row[] rows = [.. Enumerable.Range(0, 2500).Select(i => i % 10 == 3
            ? new Row(null, null, null, null)
            : new Row(DateTimeOffset.UnixEpoch.AddTicks((i - 5) * 15), $"größe {i}", i, DateOnly.FromDayNumber(719_162 + i - 3)))];
        using var stream = new MemoryStream();
        using (var writer = new ParquetRowWriter<Row>(stream, Schema, new ParquetWriterOptions { RowGroupRowsMax = 1000, Threads = threads }))
        {
            foreach (Row row in rows)
            {
                writer.Write(row);
            }

            writer.Finish();
        }

        using ParquetReader reader = ParquetReader.Open(stream.ToArray(), "rows");
        Assert.Equal(3, reader.RowGroupCount);
        Assert.Equal(rows.Select(row => row.Time is { } time ? $"{Math.Floor((time - DateTimeOffset.UnixEpoch).Ticks / 10.0)}" : null), Read("time"));
        Assert.Equal(rows.Select(row => row.Text is null ? null : Convert.ToHexString(Encoding.UTF8.GetBytes(row.Text))), Read("text"));
        Assert.Equal(Read("text"), Read("bytes"));
        Assert.Equal(rows.Select(row => row.Small is null ? null : $"{row.Small}"), Read("small"));
        Assert.Equal(rows.Select(row => row.Small is null ? null : $"{row.Small * 10_000_000_000L}"), Read("large"));
        Assert.Equal(rows.Select(row => row.Small is { } small ? $"{BitConverter.DoubleToUInt64Bits(small / 2.0):x}" : null), Read("real"));
        Assert.Equal(rows.Select(row => row.Small is { } small ? $"{BitConverter.SingleToUInt32Bits(small / 4f):x}" : null), Read("single"));
        Assert.Equal(Read("time"), Read("local"));
        Assert.False(reader.Schema.Fields[reader.Schema.IndexOf("local")].IsAdjustedToUtc);
        Assert.Equal(rows.Select(row => $"{row.Small > 2}"), Read("truth"));
        Assert.Equal(rows.Select(row => row.Day is { } day ? $"{day.DayNumber - 719_162}" : null), Read("day"));

        List<string?> Read(string name) => RoundTripTests.ReadColumn(reader, reader.Schema.Fields[reader.Schema.IndexOf(name)], preferDirect: true);
    }

    [Fact]
    public void No_rows_make_a_file()
    {
        using var stream = new MemoryStream();
        using (var writer = new ParquetRowWriter<Row>(stream, Schema))
        {
            writer.Finish();
        }

        using ParquetReader reader = ParquetReader.Open(stream.ToArray(), "rows");
        Assert.Equal((0, 10), (reader.RowCount, reader.Schema.Fields.Count));
    }

    private sealed record Row(DateTimeOffset? Time, string? Text, int? Small, DateOnly? Day);
}
