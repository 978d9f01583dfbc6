using System.Globalization;
using System.Text;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Core.State;
using OrleansLake.Engine.Publishing;
using OrleansLake.Parquet;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

/// <summary>Rows gathered into silver's columns are those of the batches, whatever is null, no UUID, long or empty.</summary>
public class SilverColumnsTests
{
    private const int FirstDay = 20_000;

    [Theory]
    [InlineData(1, 1, 40, 3)]
    [InlineData(2, 2, 700, 3)]
    [InlineData(3, 2, 5_000, 3)]
    [InlineData(4, 1, 5_000, 3)]
    [InlineData(5, 2, 400_000, 1)]    // a date's rows are more than a row group's
    public void Every_row_is_in_the_columns_of_its_table_and_date(int seed, int threads, int rowsMax, int dates)
    {
        var random = new Random(seed);
        var eventTypes = new NameTable();
        var channels = new NameTable();
        var batches = new List<AppliedBatch>();
        var rows = new List<(byte Table, int Day, string Text)>();
        long offset = 17;
        for (int i = 0; i < 5; i++)
        {
            SentMessage[] sent = Sent(random, random.Next(rowsMax / 2, rowsMax), dates);
            byte[] isCorrupted = [.. sent.Select(_ => (byte)random.Next(2))];
            int[] days = [.. sent.Select(one => one.Message!.Day)];
            var batch = new AppliedBatch(SentMessage.Batch(sent), offset, days, isCorrupted, isInBronze: false);
            batch.MapNames(eventTypes, channels);
            batches.Add(batch);
            rows.AddRange(sent.Select((one, row) => (isCorrupted[row], days[row], TextOf(one, offset + row))));
            offset += sent.Length + random.Next(0, 2);
        }

        List<SilverGroup> groups = SilverGroups.Of(batches, new ParallelWork(threads));

        var expected = rows
            .GroupBy(row => (row.Table, row.Day))
            .ToDictionary(group => (group.Key.Table != 0, group.Key.Day), group => group.Select(row => row.Text).ToArray());
        Assert.Equal(expected.Keys.Order(), groups.Select(group => (group.IsCorrupted, group.Day)));
        Assert.Equal(rowsMax > DataFileWriter.RowGroupRows, groups.Any(group => group.RowGroups.Count > 1));
        foreach (SilverGroup group in groups)
        {
            Assert.All(group.RowGroups.SkipLast(1), columns => Assert.Equal(DataFileWriter.RowGroupRows, columns.Silver(eventTypes, channels, CountryTable.Notebook, IdTypes.Default, KeptFields.None, AddedData.None)[0].Count));
            Assert.Equal(
                expected[(group.IsCorrupted, group.Day)],
                group.RowGroups.SelectMany(columns => Texts(columns.Silver(eventTypes, channels, CountryTable.Notebook, IdTypes.Default, KeptFields.None, AddedData.None))));
        }
    }

    private static SentMessage[] Sent(Random random, int rows, int dates)
    {
        bool hasNulls = random.Next(3) > 0;
        bool hasTexts = random.Next(2) > 0;
        return [.. Enumerable.Range(0, rows).Select(_ => new SentMessage(
            "",
            IsNull() ? null : new string((char)('a' + random.Next(26)), random.Next(4) == 0 ? random.Next(80) : random.Next(12)),
            new Message(
                IsNull() ? null : random.NextInt64(),
                IsNull() ? null : $"event {random.Next(5)}",
                IsNull() && hasTexts ? null : hasTexts && random.Next(3) == 0 ? $"id {random.Next()}" : Uuid(random),
                IsNull() ? null : $"channel {random.Next(3)}",
                IsNull() ? null : 1998 + random.Next(20),
                IsNull() ? null : random.Next(),
                random.Next(20) == 0 ? LakeState.NoDay : FirstDay + random.Next(dates))))];

        bool IsNull() => hasNulls && random.Next(4) == 0;
    }

    private static string Uuid(Random random)
    {
        byte[] bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    // A row as it was sent, column by column of silver.
    private static string TextOf(SentMessage sent, long offset)
    {
        Message message = sent.Message!;
        int country = message.CountryId is { } id ? CountryTable.Notebook.IndexOf(id) : -1;
        return string.Join(
            '|',
            message.Timestamp,
            Quoted(sent.Value),
            Quoted(message.EventType),
            Quoted(message.MessageId),
            Quoted(message.Channel),
            message.CountryId,
            message.UserId,
            country < 0 ? null : Quoted(Encoding.UTF8.GetString(CountryTable.Notebook.Name(country))),
            offset);

        static string? Quoted(string? text) => text is null ? null : "'" + text;
    }

    private static IEnumerable<string> Texts(List<ColumnData> columns) =>
        Enumerable.Range(0, columns[0].Count).Select(row => string.Join('|', columns.Select(column => column.IsNull(row) ? null : column switch
        {
            Int64Data numbers => numbers.Values.Span[row].ToString(CultureInfo.InvariantCulture),
            Int32Data numbers => numbers.Values.Span[row].ToString(CultureInfo.InvariantCulture),
            BytesData texts => "'" + Encoding.UTF8.GetString(texts[row]),
            _ => throw new InvalidOperationException("no column of silver is of this kind"),
        })));
}
