using System.Globalization;
using System.Text;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Core.State;
using OrleansLake.Engine.Publishing;
using OrleansLake.Parquet;

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
        long offset = 17;
        for (int i = 0; i < 5; i++)
        {
            AppliedBatch batch = Applied(random, random.Next(rowsMax / 2, rowsMax), offset, dates);
            batch.MapNames(eventTypes, channels);
            batches.Add(batch);
            offset += batch.Batch.Count + random.Next(0, 2);
        }

        List<SilverGroup> groups = SilverGroups.Of(batches, new ParallelWork(threads));

        var expected = batches
            .SelectMany(batch => Enumerable.Range(0, batch.Batch.Count).Select(row => (Table: batch.IsCorrupted[row], Day: batch.Days[row], Text: TextOf(batch, row))))
            .GroupBy(row => (row.Table, row.Day))
            .ToDictionary(group => (group.Key.Table != 0, group.Key.Day), group => group.Select(row => row.Text).ToArray());
        Assert.Equal(expected.Keys.Order(), groups.Select(group => (group.IsCorrupted, group.Day)));
        Assert.Equal(rowsMax > DataFileWriter.RowGroupRows, groups.Any(group => group.RowGroups.Count > 1));
        foreach (SilverGroup group in groups)
        {
            Assert.All(group.RowGroups.SkipLast(1), columns => Assert.Equal(DataFileWriter.RowGroupRows, columns.Silver(eventTypes, channels, CountryTable.Notebook)[0].Count));
            IEnumerable<string> rows = group.RowGroups.SelectMany(columns => Texts(columns.Silver(eventTypes, channels, CountryTable.Notebook)));
            Assert.Equal(expected[(group.IsCorrupted, group.Day)], rows);
        }
    }

    private static AppliedBatch Applied(Random random, int rows, long firstOffset, int dates)
    {
        var batch = new MessageBatch();
        int[] days = new int[rows];
        byte[] isCorrupted = new byte[rows];
        bool hasNulls = random.Next(3) > 0;
        bool hasTexts = random.Next(2) > 0;
        for (int row = 0; row < rows; row++)
        {
            days[row] = random.Next(20) == 0 ? LakeState.NoDay : FirstDay + random.Next(dates);
            isCorrupted[row] = (byte)random.Next(2);
            Append(batch.Timestamps, IsNull() ? null : random.NextInt64());
            Append(IsNull() ? null : new string((char)('a' + random.Next(26)), random.Next(4) == 0 ? random.Next(80) : random.Next(12)), batch.Values.AppendNull, text => batch.Values.Append(text));
            Append(IsNull() ? null : $"event {random.Next(5)}", batch.EventTypes.AppendNull, text => batch.EventTypes.Append(text));
            Append(IsNull() && hasTexts ? null : hasTexts && random.Next(3) == 0 ? $"id {random.Next()}" : Uuid(random), batch.MessageIds.AppendNull, text => batch.MessageIds.Append(text));
            Append(IsNull() ? null : $"channel {random.Next(3)}", batch.Channels.AppendNull, text => batch.Channels.Append(text));
            Append(batch.CountryIds, IsNull() ? null : 1998 + random.Next(20));
            Append(batch.UserIds, IsNull() ? null : random.Next());
        }

        return new AppliedBatch(batch, firstOffset, days, isCorrupted, isInBronze: false);

        bool IsNull() => hasNulls && random.Next(4) == 0;
    }

    private static string Uuid(Random random)
    {
        byte[] bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    private static void Append<T>(NumberColumn<T> column, T? value)
        where T : unmanaged
    {
        if (value is { } number)
        {
            column.Append(number);
        }
        else
        {
            column.AppendNull();
        }
    }

    private static void Append(string? text, Action appendNull, Action<byte[]> append)
    {
        if (text is null)
        {
            appendNull();
        }
        else
        {
            append(Encoding.UTF8.GetBytes(text));
        }
    }

    // A row as the batch has it, column by column of silver.
    private static string TextOf(AppliedBatch applied, int row)
    {
        MessageBatch batch = applied.Batch;
        byte[] id = new byte[batch.MessageIds.TextLength(row)];
        batch.MessageIds.CopyText(row, id);
        int country = batch.CountryIds.IsNull(row) ? -1 : CountryTable.Notebook.IndexOf(batch.CountryIds.Values[row]);
        return string.Join(
            '|',
            batch.Timestamps.IsNull(row) ? null : batch.Timestamps.Values[row],
            batch.Values.IsNull(row) ? null : "'" + Encoding.UTF8.GetString(batch.Values[row]),
            batch.EventTypes.IsNull(row) ? null : "'" + Encoding.UTF8.GetString(batch.EventTypes[row]),
            batch.MessageIds.Kinds[row] == MessageIdKind.Null ? null : "'" + Encoding.UTF8.GetString(id),
            batch.Channels.IsNull(row) ? null : "'" + Encoding.UTF8.GetString(batch.Channels[row]),
            batch.CountryIds.IsNull(row) ? null : batch.CountryIds.Values[row],
            batch.UserIds.IsNull(row) ? null : batch.UserIds.Values[row],
            country < 0 ? null : "'" + Encoding.UTF8.GetString(CountryTable.Notebook.Name(country)),
            applied.FirstOffset + row);
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
