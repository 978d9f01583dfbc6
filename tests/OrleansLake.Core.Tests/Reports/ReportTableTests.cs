using System.Buffers;
using System.Text;
using System.Text.Json;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Core.Tests.State;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests.Reports;

public class ReportTableTests
{
    [Fact]
    public void A_value_that_is_called_as_a_column_of_the_report_gets_underscores_until_it_is_unique()
    {
        ReportTable report = Report1("total", "Total", "total_", "DATE", "channel", "user_id", "SENT");
        Assert.Equal(["date", "channel", "DATE_", "SENT", "Total_", "channel_", "total__", "total___", "user_id", "total"], report.ColumnNames);
    }

    [Fact]
    public void Values_that_differ_in_case_only_are_two_columns_with_distinct_names()
    {
        ReportTable report = Report1("sent", "SENT", "Sent", "sent_", "É", "é", "Total", "ｓ", "Ｓ");
        Assert.Equal(["date", "channel", "SENT", "Sent__", "Total_", "sent___", "sent_", "É", "é_", "Ｓ", "ｓ_", "total"], report.ColumnNames);
    }

    [Fact]
    public void Columns_stand_in_the_order_of_their_UTF8_bytes_and_a_null_stands_first()
    {
        ReportTable report = Report2("😀", "ＡCK", "none", "NONE ", " NONE", null, "null", "é", "");
        Assert.Equal(["user_id", "iterations", "null", "_", " NONE", "NONE ", "none", "null_", "é", "ＡCK", "😀"], report.ColumnNames);
    }

    [Fact]
    public void Rows_without_a_key_stand_first_and_text_is_ordered_by_its_bytes()
    {
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, [.. new[] { "b", null, "😀", "Ａ", "" }.SelectMany(channel => new[] { Make("SENT", channel, 3), Make("OPEN", channel, 3) with { Timestamp = null, Day = LakeState.NoDay } })], 0);
        ReportTable report = state.Report(LakeReports.Report1);
        Assert.Equal(10, report.RowCount);
        Assert.All(Enumerable.Range(0, 10), row => Assert.Equal(row < 5, report.Numbers(0).IsNull(row)));
        TextColumn channels = report.Texts(1);
        Assert.True(channels.IsNull(0) && channels.IsNull(5));
        Assert.Equal(["", "", "b", "Ａ", "😀"], Enumerable.Range(5, 5).Select(row => Encoding.UTF8.GetString(channels[row])));
    }

    [Fact]
    public void Rows_with_one_total_are_ordered_by_number_and_a_null_stands_first()
    {
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, [Make("SENT", "CHAT", 5), Make("OPEN", "CHAT", 5), Make("SENT", "PUSH", int.MaxValue), Make("SENT", "SMS", int.MinValue), Make("OPEN", "SMS", null)], 0);
        ReportTable report = state.Report(LakeReports.Report2);
        Assert.Equal([5, 0, int.MinValue, int.MaxValue], report.Numbers(0).Values.ToArray());
        Assert.True(report.Numbers(0).IsNull(1));
        Assert.Equal([2, 1, 1, 1], report.Totals.ToArray());
        Assert.Equal(5, report.GrandTotal);
    }

    [Fact]
    public void Absent_cells_are_null_or_zero_as_the_report_says()
    {
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, [Make("SENT", "CHAT", 5), Make("OPEN", "PUSH", 6)], 0);
        ReportTable report1 = state.Report(LakeReports.Report1);
        Assert.Equal(["date", "channel", "OPEN", "SENT", "total"], report1.ColumnNames);
        Assert.Null(report1.Count(0, 2));
        Assert.Equal(1, report1.Count(0, 3));
        Assert.Equal(1, report1.Count(0, 4));
        Assert.True(report1.Counts(2).IsNull(0));
        Assert.Equal([0, 1], report1.Counts(2).Values.ToArray());
        Assert.Equal(0, report1.Counts(4).NullCount);
        Assert.Equal([false, false, false, false, true], report1.Columns.Select(column => column.IsRequired));

        ReportTable report2 = state.Report(LakeReports.Report2);
        Assert.Equal(["user_id", "iterations", "CHAT", "PUSH"], report2.ColumnNames);
        Assert.Equal(0, report2.Count(1, 2));
        Assert.Equal([1, 0], report2.Counts(2).Values.ToArray());
        Assert.Equal(0, report2.Counts(2).NullCount);
        Assert.Equal([1, 1], report2.Counts(1).Values.ToArray());
        Assert.All(report2.Columns, column => Assert.False(column.IsRequired));
    }

    [Fact]
    public void A_table_of_many_columns_is_read_by_row_and_by_column_alike()
    {
        var state = new LakeState(LakeReports.All);
        var random = new Random(5);
        Message[] messages = [.. Enumerable.Range(0, 20_000).Select(i => Make($"E{random.Next(3000)}", $"C{random.Next(400)}", i))];
        Streams.Apply(state, messages, 0);
        ReportTable report = state.Report(LakeReports.Report1);
        Assert.Equal(Oracle.FirstOccurrences(messages).Count, report.GrandTotal);
        long[] sums = new long[report.RowCount];
        for (int column = 2; column < report.Columns.Count - 1; column += 97)
        {
            NumberColumn<long> counts = report.Counts(column);
            for (int row = 0; row < report.RowCount; row++)
            {
                Assert.Equal(report.Count(row, column), counts.IsNull(row) ? null : counts.Values[row]);
            }
        }

        for (int row = 0; row < report.RowCount; row++)
        {
            for (int column = 2; column < report.Columns.Count - 1; column++)
            {
                sums[row] += report.Count(row, column) ?? 0;
            }
        }

        Assert.Equal(sums, report.Totals.ToArray());
    }

    [Fact]
    public void Counts_above_two_bytes_are_exact_also_when_they_are_taken_back()
    {
        // One id's keys are in one shard; the channel is the key that makes 70,000 of them.
        var byDate = new ReportDefinition { Name = "dates", RowKeys = [MessageField.Date], ColumnKey = MessageField.EventType, TotalColumn = "total", TotalPlace = TotalPlace.Last };
        const int Keys = 70_000;
        const long Day = 86_400_000_000;
        var state = new LakeState([byDate]);
        Streams.Apply(state, [.. Enumerable.Range(0, Keys).Select(i => Make("SENT", $"C{i}", 1) with { Timestamp = 5 * Day, Day = 5 })], 0);
        Assert.Equal("{\"date\":\"1970-01-06\",\"SENT\":70000,\"total\":70000}\n", Streams.Ndjson(state, byDate));
        Streams.Apply(state, [.. Enumerable.Range(0, Keys - 4).Select(i => Make("SENT", $"C{i}", 1) with { Timestamp = 4 * Day, Day = 4 })], Keys);
        Assert.Equal(
            "{\"date\":\"1970-01-05\",\"SENT\":69996,\"total\":69996}\n{\"date\":\"1970-01-06\",\"SENT\":4,\"total\":4}\n", Streams.Ndjson(state, byDate));
        Streams.Apply(state, [.. Enumerable.Range(0, Keys).Select(i => Make("SENT", $"C{i}", 1) with { Timestamp = 3 * Day, Day = 3 })], 2 * Keys);
        Assert.Equal("{\"date\":\"1970-01-04\",\"SENT\":70000,\"total\":70000}\n", Streams.Ndjson(state, byDate));
    }

    [Fact]
    public void Ndjson_escapes_what_Python_escapes_and_nothing_else()
    {
        var text = new ArrayBufferWriter<byte>();
        Report1("\"\\/\b\f\n\r\t\u0001\u001f\u007f<é😀").WriteNdjson(text);
        Assert.Equal(
            "{\"date\":\"1970-01-01\",\"channel\":\"CHAT\",\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\u007f<é😀\":1,\"total\":1}\n",
            Encoding.UTF8.GetString(text.WrittenSpan));
    }

    [Fact]
    public void Json_is_one_array_of_the_same_objects()
    {
        foreach (ReportTable report in new[] { Report2("CHAT", "PUSH", null), new LakeState(LakeReports.All).Report(LakeReports.Report2) })
        {
            var json = new ArrayBufferWriter<byte>();
            var ndjson = new ArrayBufferWriter<byte>();
            report.WriteJson(json);
            report.WriteNdjson(ndjson);
            using var array = JsonDocument.Parse(json.WrittenMemory);
            Assert.Equal(
                Encoding.UTF8.GetString(ndjson.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries),
                array.RootElement.EnumerateArray().Select(row => row.GetRawText()));
        }
    }

    [Fact]
    public void Csv_quotes_what_it_must_and_tells_an_empty_text_from_a_null()
    {
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, [Make("A,\"B\"", "", 1), Make("SENT", null, 1), Make("SENT", "two\nlines", 1)], 0);
        var text = new ArrayBufferWriter<byte>();
        state.Report(LakeReports.Report1).WriteCsv(text);
        Assert.Equal(
            "date,channel,\"A,\"\"B\"\"\",SENT,total\r\n1970-01-01,,,1,1\r\n1970-01-01,\"\",1,,1\r\n1970-01-01,\"two\nlines\",,1,1\r\n",
            Encoding.UTF8.GetString(text.WrittenSpan));
    }

    [Fact]
    public void A_definition_that_cannot_be_counted_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new LakeState([LakeReports.Report1, LakeReports.Report1]));
        Assert.Throws<ArgumentException>(() => new LakeState([LakeReports.Report1 with { RowKeys = [] }]));
        Assert.Throws<ArgumentException>(() => new LakeState([LakeReports.Report1 with { ColumnKey = MessageField.Date }]));
        Assert.Throws<ArgumentException>(() => new LakeState([LakeReports.Report1 with { TotalColumn = "Channel" }]));
        Assert.Throws<ArgumentException>(() => new LakeState([LakeReports.Report1]).Report(LakeReports.Report2));
    }

    private static ReportTable Report1(params string[] eventTypes)
    {
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, [.. eventTypes.Select(eventType => Make(eventType, "CHAT", 1))], 0);
        return state.Report(LakeReports.Report1);
    }

    private static ReportTable Report2(params string?[] channels)
    {
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, [.. channels.Select(channel => Make("SENT", channel, 1))], 0);
        return state.Report(LakeReports.Report2);
    }

    private static Message Make(string eventType, string? channel, int? user) => new(0, eventType, "id", channel, null, user, 0);
}
