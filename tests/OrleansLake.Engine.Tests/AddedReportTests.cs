using OrleansLake.Core.Reports;

namespace OrleansLake.Engine.Tests;

/// <summary>A report that is none of the lake's own.</summary>
public class AddedReportTests
{
    private static readonly ReportCatalog Reports = LakeReports.All.With(new ReportDefinition
    {
        Name = "countries",
        RowKeys = [MessageField.CountryId],
        ColumnKey = MessageField.EventType,
        TotalColumn = "messages",
    });

    private readonly SentMessage[] _sent = SentStreams.Many(400, 63);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task It_is_made_of_what_the_lake_had_before_and_kept_from_then_on(int partitions)
    {
        using var under = new LakeUnderTest();
        under.Options = under.Options with { Partitions = partitions };
        await SendAsync(under, _sent[..300]);
        Assert.False(File.Exists(under["gold/countries/data/countries.parquet"]));

        under.Options = under.Options with { Reports = Reports };
        await under.CatchUpAsync();
        AssertHolds(under, 300);
        await SendAsync(under, _sent[300..]);
        AssertHolds(under, _sent.Length);

        await using (Lake lake = await under.OpenAsync())
        {
            await lake.ReplayAsync();
            Assert.Equal(lake.Report(LakeReports.Report1).GrandTotal, lake.Report(Reports[2]).GrandTotal);
        }

        AssertHolds(under, _sent.Length);
        await LakePartitioning.RepartitionAsync(under.Options, 2);
        AssertHolds(under, _sent.Length);
    }

    [Fact]
    public async Task Its_columns_keep_their_names_while_somebody_without_it_runs_the_lake()
    {
        using var under = new LakeUnderTest();
        under.Options = under.Options with { Reports = Reports };
        await SendAsync(under, _sent[..200]);
        string before = Columns(under);
        under.Options = under.Options with { Reports = LakeReports.All };
        await SendAsync(under, _sent[200..]);
        under.Options = under.Options with { Reports = Reports };
        await under.CatchUpAsync();
        Assert.StartsWith(before, Columns(under), StringComparison.Ordinal);
        AssertHolds(under, _sent.Length);
    }

    [Fact]
    public async Task A_reader_that_does_not_know_it_says_which_there_are()
    {
        using var under = new LakeUnderTest();
        await SendAsync(under, _sent[..10]);
        LakeException error = Assert.Throws<LakeException>(() => under.Reader().Report("countries"));
        Assert.Equal("There is no report countries; there are report1, report2.", error.Message);
    }

    private static string Columns(LakeUnderTest under) =>
        string.Join(',', LakeReader.Open(under.Path, Reports).Report("countries").Columns.Select(column => column.Name).Order(StringComparer.Ordinal));

    private static async Task SendAsync(LakeUnderTest under, SentMessage[] sent)
    {
        await using Lake lake = await under.OpenAsync();
        await LakeUnderTest.IngestTextAsync(lake, string.Concat(sent.Select(one => one.Line + "\n")));
        await lake.RunAsync(LakeUnderTest.CaughtUp);
    }

    private void AssertHolds(LakeUnderTest under, int sent)
    {
        LakeReader reader = LakeReader.Open(under.Path, Reports);
        ReportTable table = reader.Report("countries");
        OrleansLake.TestSupport.Message[] messages = [.. _sent[..sent].Where(one => one.Message is not null).Select(one => one.In(reader.TimeZone))];
        Dictionary<int, long> expected = OrleansLake.TestSupport.Oracle.FirstOccurrences(messages)
            .GroupBy(message => message.CountryId ?? -1).ToDictionary(country => country.Key, country => (long)country.Count());
        Assert.Equal(
            expected.OrderBy(country => country.Key).Select(country => (country.Key, country.Value)),
            Enumerable.Range(0, table.RowCount).Select(row => (table.Numbers(0).IsNull(row) ? -1 : table.Numbers(0).Values[row], table.Counts(table.TotalIndex).Values[row])));
        LakeUnderTest.AssertPasses(reader.Check(2));
        LakeUnderTest.AssertPasses(reader.CheckDeep(2));
    }
}
