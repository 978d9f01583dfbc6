using System.Globalization;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests.State;

public class LakeStateTests
{
    private const long Second = 1_000_000;
    private const long Day = 86_400 * Second;

    [Fact]
    public void The_earliest_of_three_copies_counts()
    {
        LakeState state = Applied(At("10:10:01"), At("07:56:45"), At("08:13:33"));
        Assert.Equal("{\"date\":\"1970-01-01\",\"channel\":\"CHAT\",\"CREATED\":1,\"total\":1}\n", Streams.Ndjson(state, LakeReports.Report1));

        static Message At(string time) =>
            Make((long)TimeSpan.Parse(time, CultureInfo.InvariantCulture).TotalMicroseconds, "123", user: 1);
    }

    [Fact]
    public void A_copy_that_was_earlier_takes_the_later_one_back_from_its_date_and_user()
    {
        LakeState state = Applied(Make(5 * Day, "123", user: 1), Make(4 * Day, "123", user: 2));
        Assert.Equal("{\"date\":\"1970-01-05\",\"channel\":\"CHAT\",\"CREATED\":1,\"total\":1}\n", Streams.Ndjson(state, LakeReports.Report1));
        Assert.Equal("{\"user_id\":2,\"iterations\":1,\"CHAT\":1}\n", Streams.Ndjson(state, LakeReports.Report2));
        Assert.Equal([(4, new LedgerCounts(1, 1, 0, 0, 1)), (5, new LedgerCounts(1, 1, 0, 0, 0))], state.Ledger.ByDate.OrderBy(day => day.Key).Select(day => (day.Key, day.Value)));
    }

    [Fact]
    public void Of_copies_with_one_timestamp_the_lower_offset_counts_even_if_it_comes_later()
    {
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, [Make(Second, "123", user: 7)], firstOffset: 100);
        Streams.Apply(state, [Make(Second, "123", user: 8)], firstOffset: 99);
        Streams.Apply(state, [Make(Second, "123", user: 9)], firstOffset: 101);
        Assert.Equal("{\"user_id\":8,\"iterations\":1,\"CHAT\":1}\n", Streams.Ndjson(state, LakeReports.Report2));
    }

    [Fact]
    public void A_null_timestamp_loses_to_the_greatest_there_is()
    {
        LakeState state = Applied(
            Make(null, "123", user: 1),
            Make(null, "123", user: 2),
            new Message(long.MaxValue, "CREATED", "123", "CHAT", null, 3, LakeState.NoDay),
            Make(null, "123", user: 4));
        Assert.Equal("{\"user_id\":3,\"iterations\":1,\"CHAT\":1}\n", Streams.Ndjson(state, LakeReports.Report2));
    }

    [Fact]
    public void A_column_that_nothing_counts_for_any_more_disappears()
    {
        var byUser = new ReportDefinition { Name = "users", RowKeys = [MessageField.Channel], ColumnKey = MessageField.UserId, TotalColumn = "total", TotalPlace = TotalPlace.Last };
        var state = new LakeState([byUser]);
        Streams.Apply(state, [Make(2, "123", user: 1), Make(1, "123", user: -5)], 0);
        Assert.Equal("{\"channel\":\"CHAT\",\"-5\":1,\"total\":1}\n", Streams.Ndjson(state, byUser));
    }

    [Fact]
    public void A_day_that_is_no_date_of_its_timestamp_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Applied(Make(1, "123", user: 1) with { Day = 1000 }));
        Assert.Throws<ArgumentException>(() => Applied(Make(null, "123", user: 1) with { Day = 0 }));
        Assert.Throws<ArgumentException>(() => Applied(Make(long.MinValue, "123", user: 1) with { Day = LakeState.DayMin - 1 }));
    }

    [Fact]
    public void The_first_and_the_last_date_are_counted()
    {
        LakeState state = Applied(Make(LakeState.DayMin * Day, "a", user: 1), Make((LakeState.DayMax * Day) + Day - 1, "b", user: 1));
        Assert.Equal(
            "{\"date\":\"0001-01-01\",\"channel\":\"CHAT\",\"CREATED\":1,\"total\":1}\n{\"date\":\"9999-12-31\",\"channel\":\"CHAT\",\"CREATED\":1,\"total\":1}\n",
            Streams.Ndjson(state, LakeReports.Report1));
    }

    [Fact]
    public void Keys_outlive_the_growth_of_their_table()
    {
        var state = new LakeState(LakeReports.All);
        const int Keys = 60_000;
        for (int round = 0; round < 2; round++)
        {
            Message[] messages =
            [
                .. Enumerable.Range(0, Keys).Select(i => Make(Keys - round, i % 3 == 0 ? $"text-{i}" : $"{i:x8}-0000-4000-8000-000000000000", user: i % 100)),
            ];
            Streams.Apply(state, messages, round * Keys);
            Assert.Equal(Keys, state.KeyCount);
        }

        Assert.Equal(Keys, state.Ledger.Total.Deduplicated);
        Assert.Equal(Keys, state.Report(LakeReports.Report2).GrandTotal);
    }

    [Theory]
    [InlineData(false, 57)]
    [InlineData(true, 57 + 4 + 40 + 1)]    // its length, its bytes, and the end of the last chunk of text
    public void A_key_takes_no_more_than_this_whatever_the_number_of_keys(bool isText, int bytesMax)
    {
        var state = new LakeState([]);
        const int Rows = 5_000;
        for (int first = 0; first < 600_000; first += Rows)
        {
            Streams.Apply(state, [.. Enumerable.Range(first, Rows).Select(i => Make(1, isText ? $"{i:d40}" : $"{i:x8}-0000-4000-8000-000000000000", user: 1))], first);
            if (first > 200_000)
            {
                // What is reserved for the keys to come, at most 2,048 for each of 8 shards, is the greater part of a small state.
                Assert.InRange(state.MemoryBytes - (8L * 2048 * 48), 1, (long)bytesMax * state.KeyCount);
            }
        }
    }

    [Fact]
    public void Replacements_that_were_exported_leave_no_room_taken_behind()
    {
        var state = new LakeState([]);
        const int Keys = 60_000;
        Streams.Apply(state, [.. Enumerable.Range(0, Keys).Select(i => Make(2, $"{i:x8}-0000-4000-8000-000000000000", user: 1))], 0);
        state.MarkExported();
        long before = state.MemoryBytes;
        Streams.Apply(state, [.. Enumerable.Range(0, Keys).Select(i => Make(1, $"{i:x8}-0000-4000-8000-000000000000", user: 1))], Keys);
        Assert.Equal(Keys, state.ChangedKeyCount);
        state.MarkExported();
        Assert.InRange(state.MemoryBytes, before, before + (Keys / 8));
    }

    [Fact]
    public void Event_types_without_end_take_memory_by_their_number_not_by_rows_times_columns()
    {
        var state = new LakeState(LakeReports.All);
        const int Names = 100_000;
        Message[] messages =
        [
            .. Enumerable.Range(0, Names).Select(i => Make(i % 500 * Day, $"{i}", user: i) with { EventType = $"E{i}", Channel = $"C{i % 50}" }),
        ];
        Streams.Apply(state, messages, 0);
        Assert.InRange(state.MemoryBytes, 1, 400L * Names);
        ReportTable report = state.Report(LakeReports.Report1);
        Assert.Equal(Names, report.GrandTotal);
        Assert.Equal(Names + 3, report.Columns.Count);
        Assert.Equal(500, report.RowCount);
    }

    [Fact]
    public void A_key_that_wanders_through_users_leaves_no_room_taken_behind()
    {
        var byUser = new ReportDefinition { Name = "users", RowKeys = [MessageField.UserId], ColumnKey = MessageField.CountryId, TotalColumn = "total" };
        var state = new LakeState([LakeReports.Report2, byUser]);
        const int Steps = 200_000;
        Message[] messages = [.. Enumerable.Range(0, Steps).Select(i => Make(Steps - i, "123", user: i) with { CountryId = i % 5000 })];
        Streams.Apply(state, messages, 0);
        Assert.InRange(state.MemoryBytes, 1, 4_000_000);
        Assert.Equal($"{{\"user_id\":{Steps - 1},\"iterations\":1,\"CHAT\":1}}\n", Streams.Ndjson(state, LakeReports.Report2));
        Assert.Equal($"{{\"user_id\":{Steps - 1},\"total\":1,\"{(Steps - 1) % 5000}\":1}}\n", Streams.Ndjson(state, byUser));
    }

    private static Message Make(long? timestamp, string id, int user) =>
        new(timestamp, "CREATED", id, "CHAT", null, user, Streams.DayOf(timestamp));

    private static LakeState Applied(params Message[] messages)
    {
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, messages, 0);
        return state;
    }
}
