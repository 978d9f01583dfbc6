using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Core.Tests.State;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests.Reports;

public class KeptNamesTests
{
    // Of few letters, so that names meet; null is a value as well.
    private static readonly string?[] Channels =
        ["open", "Open", "OPEN", "oPen", "open_", "Open_", "OPEN__", "total", "Total", "total_", "iterations", "user_id", "USER_ID_", "null", "NULL", null, "null_", "é", "É", "é_", ""];

    [Fact]
    public void First_names_are_those_of_the_report()
    {
        ReportTable table = Report("open", "OPEN", "Open", "open_", "user_id", null, "null", "");
        Assert.Equal(table.ColumnNames, KeptNames.None.Apply(table).ColumnNames);
        Assert.Same(table, KeptNames.None.Apply(table));
    }

    [Fact]
    public void Value_that_has_a_name_keeps_it_when_one_comes_that_would_have_had_it()
    {
        KeptNames kept = KeptNames.None.With(Report("Open"));
        Assert.Equal(["user_id", "iterations", "OPEN_", "Open"], kept.Apply(Report("Open", "OPEN")).ColumnNames);
        kept = kept.With(Report("OPEN"));
        Assert.Equal([new KeptName("Open", "Open"), new KeptName("OPEN", "OPEN_")], kept.All);

        // The first one was away meanwhile.
        Assert.Equal(["user_id", "iterations", "OPEN_", "Open", "open__"], kept.Apply(Report("Open", "OPEN", "open")).ColumnNames);
        Assert.Same(kept, kept.With(Report("Open")));
    }

    [Fact]
    public void Null_and_the_text_null_are_two()
    {
        KeptNames kept = KeptNames.None.With(Report("null"));
        Assert.Equal([new KeptName("null", "null")], kept.All);
        kept = kept.With(Report("null", null));
        Assert.Equal([new KeptName("null", "null"), new KeptName(null, "null_")], kept.All);
        Assert.Equal(["user_id", "iterations", "null_", "null"], kept.Apply(Report("null", null)).ColumnNames);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Any_order_of_arrivals_with_commits_anywhere_renames_no_column_and_names_each_once(int seed)
    {
        var random = new Random(seed);
        for (int run = 0; run < 300; run++)
        {
            var kept = KeptNames.None;
            var seen = new Dictionary<(bool, string?), string>();
            for (int commit = 0; commit < 8; commit++)
            {
                string?[] present = [.. Channels.Where(_ => random.Next(3) == 0).Distinct()];
                if (present.Length == 0)
                {
                    continue;
                }

                ReportTable table = Report(present);
                kept = kept.With(table);
                ReportTable named = kept.Apply(table);
                string[] names = named.ColumnNames;
                Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
                Assert.DoesNotContain("", names);
                for (int i = 0; i < table.Values.Count; i++)
                {
                    string name = names[i + 2];
                    Assert.Equal(name, seen.TryGetValue((table.Values[i] is null, table.Values[i]), out string? before) ? before : name);
                    seen[(table.Values[i] is null, table.Values[i])] = name;
                }
            }

            Assert.Equal(seen.Count, seen.Values.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        }
    }

    // Report 2 with these channels.
    private static ReportTable Report(params string?[] channels)
    {
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, [.. channels.Select((channel, i) => new Message(1_734_300_000_000_000, "SENT", $"{i}", channel, 2000, 1, 20073))], 0);
        return state.Report(LakeReports.Report2);
    }
}
