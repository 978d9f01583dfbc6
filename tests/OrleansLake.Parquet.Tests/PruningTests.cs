using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Xunit;
using OrleansLake.Parquet.Columns;
using OrleansLake.Parquet.Metadata;
using OrleansLake.TestSupport;

namespace OrleansLake.Parquet.Tests;

/// <summary>Tests what is skipped holds nothing that was asked for, and what can be skipped is.</summary>
public class PruningTests
{
    private static readonly ParquetSchema Events = new(
        new ParquetField("timestamp", ParquetType.TimestampMicros), new ParquetField("message_id", ParquetType.String));

    [Property(MaxTest = 300)]
    public void Rows_that_meet_a_condition_are_never_left_out(DoNotSize<int> seed)
    {
        var table = new RandomTable(seed.Item);
        var random = new Random(seed.Item);
        using ParquetReader reader = ParquetReader.Open(table.Write(), "memory");
        for (int column = 0; column < table.Schema.Fields.Count; column++)
        {
            ParquetField field = reader.Schema.Fields[column];
            List<string?> all = RoundTripTests.ReadColumn(reader, field, preferDirect: true);
            if (field.Type == ParquetType.Boolean || all.OfType<string>().ToList() is not { Count: > 0 } values)
            {
                continue;
            }

            (ColumnRange condition, Func<string, bool> meets) = ConditionOf(field, values[random.Next(values.Count)], values[random.Next(values.Count)], random);
            int start = 0;
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                IReadOnlyList<RowRange> found = reader.Find(group, condition);
                for (int row = 0; row < reader.RowCountOf(group); row++)
                {
                    bool isWanted = all[start + row] is { } value && meets(value);
                    Assert.True(!isWanted || found.Any(range => row >= range.Start && row < range.End), $"{field}, row group {group}, row {row}");
                }

                start += reader.RowCountOf(group);
            }
        }
    }

    [Property(MaxTest = 300)]
    public void Chosen_rows_read_as_they_read_among_all(DoNotSize<int> seed)
    {
        var table = new RandomTable(seed.Item);
        var random = new Random(seed.Item);
        using ParquetReader reader = ParquetReader.Open(table.Write(), "memory");
        foreach (ParquetField field in reader.Schema.Fields)
        {
            bool preferDirect = random.Next(2) == 0;
            List<string?> all = RoundTripTests.ReadColumn(reader, field, preferDirect);
            var rows = new List<List<RowRange>>();
            var expected = new List<string?>();
            int start = 0;
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                var chosen = new List<RowRange>();
                for (int at = random.Next(50); at < reader.RowCountOf(group); at += random.Next(1, 900))
                {
                    int count = Math.Min(random.Next(1, 300), reader.RowCountOf(group) - at);
                    chosen.Add(new RowRange(at, count));
                    expected.AddRange(all.GetRange(start + at, count));
                    at += count;
                }

                rows.Add(chosen);
                start += reader.RowCountOf(group);
            }

            Assert.Equal(expected, RoundTripTests.ReadColumn(reader, field, preferDirect, rows));
        }
    }

    [Fact]
    public void Pages_and_row_groups_outside_a_range_are_not_read()
    {
        using var counting = new CountingStream(WriteEvents(new ParquetWriterOptions { RowGroupRowsMax = 10_000, PageRowsMax = 1000 }));
        using ParquetReader reader = ParquetReader.Open(counting, "events");
        ColumnRange condition = ColumnRange.Between("timestamp", 12_500_000, 12_600_000);
        Assert.Empty(reader.Find(0, condition));
        Assert.Empty(reader.Find(2, condition));
        Assert.Equal([new RowRange(2000, 1000)], reader.Find(1, condition));
        counting.BytesRead = 0;
        var ids = new BytesBuffer();
        reader.Read(1, "message_id", ids, reader.Find(1, condition));
        Assert.Equal(1000, ids.Count);
        Assert.Equal(IdOf(12_000), Encoding.UTF8.GetString(ids[0]));
        Assert.True(counting.BytesRead is > 36_000 and < 40_000, $"{counting.BytesRead} bytes were read");
    }

    [Fact]
    public void Bounds_of_row_groups_and_pages_are_typed()
    {
        using ParquetReader reader = ParquetReader.Open(WriteEvents(new ParquetWriterOptions { RowGroupRowsMax = 10_000, PageRowsMax = 1000 }), "events");
        Assert.Equal(new ColumnBounds<long>(10_000_000, 19_999_000), reader.IntegerBoundsOf(1, "timestamp"));
        Assert.Null(reader.RealBoundsOf(1, "timestamp"));
        ColumnBounds<ReadOnlyMemory<byte>?> ids = reader.BytesBoundsOf(1, "message_id")!.Value;
        string[] expected = [.. Enumerable.Range(10_000, 10_000).Select(IdOf).Order(StringComparer.Ordinal)];
        Assert.Equal(expected[0], Encoding.UTF8.GetString(ids.Min!.Value.Span));
        Assert.Equal(expected[^1], Encoding.UTF8.GetString(ids.Max!.Value.Span));
        IReadOnlyList<PageMetadata> pages = reader.PagesOf(1, "timestamp");
        Assert.Equal(Enumerable.Range(0, 10).Select(i => new RowRange(1000 * i, 1000)), pages.Select(page => page.Rows));
        Assert.All(pages, page => Assert.Equal(0, page.Statistics!.NullCount));
    }

    [Fact]
    public void Bloom_filter_turns_absent_values_away_and_present_ones_never()
    {
        using ParquetReader reader = ParquetReader.Open(
            WriteEvents(new ParquetWriterOptions { RowGroupRowsMax = 10_000, HasPageIndex = false, BloomFilterColumns = ["message_id"] }), "events");
        Assert.NotNull(reader.Metadata.RowGroups[0].Columns[1].BloomFilterOffset);
        Assert.Null(reader.Metadata.RowGroups[0].Columns[0].BloomFilterOffset);
        int passed = 0;
        for (int i = 0; i < 30_000; i += 7)
        {
            for (int group = 0; group < 3; group++)
            {
                bool isFound = reader.Find(group, ColumnRange.EqualTo("message_id", IdOf(i))).Count != 0;
                Assert.True(isFound || i / 10_000 != group);
                passed += isFound && i / 10_000 != group ? 1 : 0;
            }
        }

        Assert.True(passed < 30_000 / 7 * 2 * 0.02, $"{passed} absent values were not turned away");
    }

    [Theory]
    [InlineData(ParquetType.Boolean)]
    [InlineData(ParquetType.Double)]
    [InlineData(ParquetType.Binary)]
    public void Bloom_filter_that_readers_would_lose_rows_by_is_refused(ParquetType type)
    {
        var options = new ParquetWriterOptions { BloomFilterColumns = ["a"] };
        Assert.Throws<ArgumentException>(() => new ParquetWriter(new MemoryStream(), new ParquetSchema(new ParquetField("a", type)), options));
    }

    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x0B242D361FDA71BC)]
    public void Hash_of_bloom_filters_meets_its_known_values(string text, ulong hash) =>
        Assert.Equal(hash, System.IO.Hashing.XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Bounds_of_timestamps_by_a_writer_that_gets_them_wrong_are_not_used()
    {
        byte[] file = WriteEvents(new ParquetWriterOptions { CreatedBy = "Parquet.Net v5.0.0", HasPageIndex = false });
        using ParquetReader reader = ParquetReader.Open(file, "events");
        Assert.Null(reader.IntegerBoundsOf(0, "timestamp"));
        Assert.NotEmpty(reader.Find(0, ColumnRange.AtLeast("timestamp", long.MaxValue)));
        Assert.Empty(reader.Find(0, ColumnRange.EqualTo("message_id", "~")));
    }

    [Fact]
    public void Condition_of_another_type_is_refused()
    {
        using ParquetReader reader = ParquetReader.Open(WriteEvents(new ParquetWriterOptions()), "events");
        Assert.Equal(ParquetErrorKind.TypeMismatch, Assert.Throws<ParquetException>(() => reader.Find(0, ColumnRange.EqualTo("timestamp", "x"))).Kind);
        Assert.Equal(ParquetErrorKind.MissingColumn, Assert.Throws<ParquetException>(() => reader.Find(0, ColumnRange.EqualTo("time", 1))).Kind);
    }

    [Fact]
    public void Files_of_other_writers_lose_no_row_to_a_condition()
    {
        int pruned = 0;
        foreach (string path in Directory.EnumerateFiles(Fixtures.Path("foreign-parquet"), "*.parquet"))
        {
            if (Path.GetFileName(path).StartsWith("bad-", StringComparison.Ordinal) || path.EndsWith("arrow-wrong-type.parquet", StringComparison.Ordinal))
            {
                continue;
            }

            using ParquetReader reader = ParquetReader.Open(path);
            var ids = new BytesBuffer();
            for (int group = 0; group < reader.RowGroupCount; group++)
            {
                reader.Read(group, "message_id", ids);
                for (int row = 0; row < ids.Count; row += 13)
                {
                    if (!ids.IsNull(row))
                    {
                        IReadOnlyList<RowRange> found = reader.Find(group, ColumnRange.EqualTo("message_id", ids[row].ToArray()));
                        Assert.True(found.Any(range => row >= range.Start && row < range.End), $"{path}, row group {group}, row {row}");
                    }
                }

                pruned += reader.Find(group, ColumnRange.EqualTo("message_id", "\U0010FFFF\U0010FFFF")).Count == 0 ? 1 : 0;
            }
        }

        Assert.True(pruned > 20, $"only {pruned} row groups could be skipped");
    }

    private static (ColumnRange Condition, Func<string, bool> Meets) ConditionOf(ParquetField field, string a, string b, Random random)
    {
        if (random.Next(3) == 0)
        {
            b = a;
        }

        switch (field.Type)
        {
            case ParquetType.Float or ParquetType.Double:
                double x = RealOf(field.Type, a);
                double y = RealOf(field.Type, b);
                (x, y) = double.IsNaN(x) || double.IsNaN(y) ? (0, 1) : (Math.Min(x, y), Math.Max(x, y));
                return (ColumnRange.Between(field.Name, x, y), cell => RealOf(field.Type, cell) >= x && RealOf(field.Type, cell) <= y);
            case ParquetType.String or ParquetType.Binary:
                byte[] low = Convert.FromHexString(a);
                byte[] high = Convert.FromHexString(b);
                (low, high) = low.AsSpan().SequenceCompareTo(high) > 0 ? (high, low) : (low, high);
                return (ColumnRange.Between(field.Name, low, high), cell =>
                    Convert.FromHexString(cell).AsSpan().SequenceCompareTo(low) >= 0 && Convert.FromHexString(cell).AsSpan().SequenceCompareTo(high) <= 0);
            default:
                long from = long.Parse(a, CultureInfo.InvariantCulture);
                long to = long.Parse(b, CultureInfo.InvariantCulture);
                (from, to) = (Math.Min(from, to), Math.Max(from, to));
                return (ColumnRange.Between(field.Name, from, to), cell => long.Parse(cell, CultureInfo.InvariantCulture) is var number && number >= from && number <= to);
        }
    }

    private static double RealOf(ParquetType type, string cell) => type == ParquetType.Float
        ? BitConverter.UInt32BitsToSingle(Convert.ToUInt32(cell, 16))
        : BitConverter.UInt64BitsToDouble(Convert.ToUInt64(cell, 16));

    private static string IdOf(int number)
    {
        byte[] bytes = new byte[16];
        new Random(number).NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    // 30,000 events, one a millisecond.
    private static byte[] WriteEvents(ParquetWriterOptions options)
    {
        const int rows = 30_000;
        byte[] ids = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, rows).Select(IdOf)));
        using var stream = new MemoryStream();
        using var writer = new ParquetWriter(stream, Events, options);
        writer.WriteRowGroup(
            new Int64Data(Enumerable.Range(0, rows).Select(i => 1000L * i).ToArray()),
            new BytesData(ids, Enumerable.Range(0, rows + 1).Select(i => 36 * i).ToArray()));
        writer.Finish();
        return stream.ToArray();
    }
}
