using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;
using OrleansLake.Core.Reports;
using OrleansLake.Server.Tests.Contracts;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Sinks;

/// <summary>The rules that hold for every sink, tried on a real place of each kind.</summary>
public abstract class ReportSinkContract
{
    private protected abstract Task<ITestPlace> NewPlaceAsync();

    [ContractFact]
    public async Task Rows_follow_the_reports_and_are_gone_where_these_have_them_no_more()
    {
        await using ITestPlace place = await NewPlaceAsync();
        await using ServerUnderTest server = await StartAsync(place);
        await server.PostAsync(ServerUnderTest.Line("a", timestamp: "2024-12-16T10:00:00Z") + ServerUnderTest.Line("b", "OPEN", channel: "SMS", user: 2));
        await AgreeAsync(server, place, 2);

        // The first occurrence is on another date, with another user: its rows move. A new event type is a new column.
        await server.PostAsync(ServerUnderTest.Line("a", timestamp: "2024-12-15T10:00:00Z", user: 3) + ServerUnderTest.Line("c", "BOUNCED", user: 2));
        await AgreeAsync(server, place, 4);
        SinkStatus status = await StatusAsync(server, static one => one.Position is { Messages: 4 });
        Assert.Equal((place.NewSink().Name, "1.4", 0L, TimeSpan.Zero, null, false), (status.Name, $"{status.Position}", status.Lag, status.LagTime, status.Failure, status.IsTaken));
        Assert.True(status.Epoch > 0 && status.Time > DateTimeOffset.UtcNow.AddMinutes(-5), $"{status}");
        Assert.Contains($"orleanslake_sink_lag{{sink=\"{place.NewSink().Name}\"}} 0", await server.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task What_has_changed_while_nobody_wrote_is_written_at_the_start()
    {
        await using ITestPlace place = await NewPlaceAsync();
        using var scratch = new ScratchFolder();
        await using (ServerUnderTest first = await StartAsync(place, scratch))
        {
            await first.PostAsync(ServerUnderTest.Line("a") + ServerUnderTest.Line("b", "OPEN", channel: "SMS", user: 2));
            await AgreeAsync(first, place, 2);
            await first.StopAsync();
        }

        await using (ServerUnderTest without = await ServerUnderTest.StartAsync(scratch: scratch))
        {
            await without.PostAsync(ServerUnderTest.Line("b", "OPEN", timestamp: "2024-12-01T10:00:00Z", channel: "SMS", user: 7));
            await without.TotalAsync(3);
            await without.StopAsync();
        }

        await using ServerUnderTest second = await StartAsync(place, scratch);
        await AgreeAsync(second, place, 3);
    }

    [ContractFact]
    public async Task An_earlier_owner_writes_nothing_that_counts_and_each_owner_has_a_higher_epoch()
    {
        await using ITestPlace place = await NewPlaceAsync();
        await using IReportSink old = place.NewSink();
        await using IReportSink other = place.NewSink();
        long before = await old.OpenAsync([.. LakeReports.All], CancellationToken.None);
        await old.WriteAsync(await StepAsync(1, 1), CancellationToken.None);
        long after = await other.OpenAsync([.. LakeReports.All], CancellationToken.None);
        Assert.True(after > before, $"{after} came after {before}");
        await other.WriteAsync(await StepAsync(1, 2), CancellationToken.None);
        string[] rows = await ReadAsync(place, LakeReports.Report1);
        try
        {
            await old.WriteAsync(await StepAsync(2, 3), CancellationToken.None);
        }
        catch (SinkException)
        {
            // Refused, or it does not count.
        }

        Assert.Equal(rows, await ReadAsync(place, LakeReports.Report1));
        await other.WriteAsync(await StepAsync(2, 4), CancellationToken.None);
        Assert.NotEqual(rows, await ReadAsync(place, LakeReports.Report1));
        Assert.True(await other.OpenAsync([.. LakeReports.All], CancellationToken.None) > after, "the same owner takes a new epoch, too");
    }

    [ContractFact]
    public async Task A_place_that_goes_is_reported_in_a_line_and_written_whole_when_it_is_back()
    {
        await using ITestPlace place = await NewPlaceAsync();
        var log = new LogLines();
        await using ServerUnderTest server = await StartAsync(place, configure: services => services.AddSingleton<ILoggerProvider>(log));
        await server.PostAsync(ServerUnderTest.Line("a"));
        await AgreeAsync(server, place, 1);
        await place.DownAsync();
        await server.PostAsync(ServerUnderTest.Line("b", "OPEN"));
        await server.TotalAsync(2);
        await Eventually.HoldsAsync(() => log.Lines.Any(static line => line.Contains("does not follow the lake: ", StringComparison.Ordinal)), "it is in the log");
        Assert.DoesNotContain(log.Lines, static line => line.Contains("   at ", StringComparison.Ordinal));
        Assert.Contains($"orleanslake_sink_lag{{sink=\"{place.NewSink().Name}\"}} 1", await server.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        SinkStatus behind = await StatusAsync(server, static one => one.Failure is not null);
        Assert.Equal(("1.1", 1L, false), ($"{behind.Position}", behind.Lag, behind.IsTaken));
        Assert.True(behind.LagTime > TimeSpan.Zero && behind.FailedAt > behind.Time, $"{behind}");
        await place.UpAsync();
        await AgreeAsync(server, place, 2);
        SinkStatus after = await StatusAsync(server, static one => one.Lag == 0);
        Assert.True(after.Epoch > behind.Epoch && after is { Position.Messages: 2, Failure: not null }, $"{after} came after {behind}");
    }

    private static Task<SinkStatus> StatusAsync(ServerUnderTest server, Predicate<SinkStatus> isSo) =>
        Eventually.GetAsync(async () => (await server.NewClient().GetSinksAsync()).Single() is var one && isSo(one) ? one : null, "its status shows it");

    private static Task<ServerUnderTest> StartAsync(ITestPlace place, ScratchFolder? scratch = null, Action<IServiceCollection>? configure = null) =>
        ServerUnderTest.StartAsync(scratch: scratch, settings: settings => settings with
        {
            LogLevel = LogLevel.Warning,
            AddServices = services =>
            {
                configure?.Invoke(services);
                place.AddTo(services);
            },
        });

    // The whole reports of a lake that has so many messages.
    private static async Task<SinkStep> StepAsync(long number, int messages)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(string.Concat(Enumerable.Range(0, messages).Select(static i => ServerUnderTest.Line($"m{i}"))), "?wait=report");
        var query = new LiveQuery { Reports = [.. LakeReports.All.Select(static report => new LiveReportQuery(report.Name, new ReportFilter()))], WithStatus = true };
        var updates = new List<LiveUpdate>();
        await foreach (LiveUpdate update in server.NewClient().WatchAsync(query))
        {
            updates.Add(update);
            if (update.IsComplete)
            {
                break;
            }
        }

        return new SinkStep(number, updates);
    }

    private static Task AgreeAsync(ServerUnderTest server, ITestPlace place, int messages) => SinkRows.AgreeAsync(server, messages, place.RowsAsync);

    private static async Task<string[]> ReadAsync(ITestPlace place, ReportDefinition report) => SinkRows.Of(await place.RowsAsync(report), report);
}
