using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrleansLake.Client;
using OrleansLake.Client.Http;
using OrleansLake.Contracts;
using OrleansLake.Core.Reports;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Client;

/// <summary>Tests what a watcher over HTTP is sent while its server is away, and how it continues.</summary>
public class WatchOutageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public void Near_its_end_there_is_one_last_try_and_not_a_flurry()
    {
        var clock = new SteppedClock();
        var outage = new WatchOutage(new LakeHttpOptions { WatchOutageMax = TimeSpan.FromSeconds(6), RetryDelay = TimeSpan.FromSeconds(1), RetryDelayMax = TimeSpan.FromSeconds(2) }, clock);
        for (int round = 0; round < 2; round++)
        {
            List<TimeSpan> waits = [];
            while (outage.NextWait() is { } wait)
            {
                waits.Add(wait);
                clock.Now += wait;
            }

            Assert.InRange(waits.Count, 4, 12);
            Assert.InRange(waits.Aggregate((a, b) => a + b), TimeSpan.FromSeconds(5.4), TimeSpan.FromSeconds(6));
            Assert.All(waits[..^1], wait => Assert.True(wait >= TimeSpan.FromMilliseconds(500), $"{wait}"));

            // And again after it was heard.
            outage.End();
        }
    }

    [Fact]
    public async Task It_is_told_that_it_is_behind_and_goes_on_without_a_gap_when_the_server_is_back()
    {
        using var scratch = new ScratchFolder();
        string url = FreeUrl();
        ServerUnderTest server = await StartAsync(scratch, url);
        await SendAsync(server, "a");
        using var patience = new CancellationTokenSource(Patience);
        await using IAsyncEnumerator<LiveUpdate> updates = ClientOf(url).WatchAsync(Watched).GetAsyncEnumerator(patience.Token);
        ReportFold fold = await FirstAsync(updates);

        await server.DisposeAsync();
        LakePosition known = updates.Current.Position;
        int told = 0;
        while (told < 20)
        {
            // More tries than a call may have.
            Assert.True(await updates.MoveNextAsync());
            var behind = Assert.IsType<LiveBehind>(updates.Current);
            Assert.Equal((known, false), (behind.Position, behind.IsComplete));
            Assert.NotEmpty(behind.Reason);
            told++;
        }

        await using ServerUnderTest back = await StartAsync(scratch, url);
        await SendAsync(back, "b");
        while (fold.ToTable().GrandTotal < 2)
        {
            Assert.True(await updates.MoveNextAsync());
            Apply(ref fold, updates.Current);
        }

        Assert.Equal(ServerUnderTest.Ndjson((await ClientOf(url).GetReportAsync(new ReportQuery { Report = "report1" })).Table), ServerUnderTest.Ndjson(fold.ToTable()));
    }

    [Fact]
    public async Task What_is_live_again_is_said_though_nothing_has_changed()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await SendAsync(server, "a");
        using var patience = new CancellationTokenSource(Patience);
        await using var cuts = new CuttingProxy(server.Address);
        await using IAsyncEnumerator<LiveUpdate> updates = ClientOf(cuts.Address.ToString()).WatchAsync(Watched).GetAsyncEnumerator(patience.Token);
        await FirstAsync(updates);
        LakePosition known = updates.Current.Position;
        cuts.Cut();
        do
        {
            Assert.True(await updates.MoveNextAsync());
        }
        while (updates.Current is LiveBehind);
        Assert.Equal(known, Assert.IsType<LiveProgress>(updates.Current).Position);
    }

    [Fact]
    public async Task A_lake_that_began_anew_is_fetched_as_a_whole()
    {
        using var one = new ScratchFolder();
        using var other = new ScratchFolder();
        string url = FreeUrl();
        ServerUnderTest server = await StartAsync(one, url);
        await SendAsync(server, "a");
        await SendAsync(server, "b");
        using var patience = new CancellationTokenSource(Patience);
        await using IAsyncEnumerator<LiveUpdate> updates = ClientOf(url).WatchAsync(Watched).GetAsyncEnumerator(patience.Token);
        Assert.Equal(2, (await FirstAsync(updates)).ToTable().GrandTotal);
        await server.DisposeAsync();

        await using ServerUnderTest back = await StartAsync(other, url);
        do
        {
            Assert.True(await updates.MoveNextAsync());
        }
        while (updates.Current is LiveBehind);
        Assert.IsType<LiveRefetch>(updates.Current);
        Assert.Equal(0, (await FirstAsync(updates)).ToTable().GrandTotal);
    }

    [Fact]
    public async Task It_ends_when_the_server_stays_away_for_longer_than_it_was_told_to_wait()
    {
        using var patience = new CancellationTokenSource(Patience);
        HttpLakeClient client = ClientOf(FreeUrl(), options => options.WatchOutageMax = TimeSpan.FromMilliseconds(500));
        int behind = 0;
        LakeClientException told = await Assert.ThrowsAsync<LakeClientException>(async () =>
        {
            await foreach (LiveUpdate update in client.WatchAsync(Watched, patience.Token))
            {
                behind++;
                Assert.Equal(LakePosition.None, Assert.IsType<LiveBehind>(update).Position);
            }
        });
        Assert.Equal(LakeClientErrorKind.Unavailable, told.Kind);
        Assert.Contains("WatchOutageMax", told.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", told.Message, StringComparison.Ordinal);
        Assert.True(behind > 1);
    }

    [Fact]
    public async Task What_would_be_refused_again_ends_it_at_once()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        LakeClientException told = await Assert.ThrowsAsync<LakeClientException>(async () =>
        {
            await foreach (LiveUpdate update in ClientOf(server.Address.ToString()).WatchAsync(new LiveQuery { Reports = [new LiveReportQuery("report3", ReportFilter.None)] }))
            {
                Assert.Fail($"{update}");
            }
        });
        Assert.Equal(LakeClientErrorKind.NotFound, told.Kind);
    }

    [Fact]
    public async Task Who_watches_a_server_whose_own_lake_is_away_is_told_so()
    {
        using var scratch = new ScratchFolder();
        string url = FreeUrl();
        ServerUnderTest lake = await StartAsync(scratch, url);
        await SendAsync(lake, "a");
        await using ServerUnderTest before = await ServerUnderTest.StartAsync(settings: settings => settings with { OwnsLake = false, AddServices = services => services.AddSingleton<ILakeClient>(ClientOf(url)) });
        using var patience = new CancellationTokenSource(Patience);
        await using IAsyncEnumerator<LiveUpdate> updates = ClientOf(before.Address.ToString()).WatchAsync(Watched).GetAsyncEnumerator(patience.Token);
        ReportFold fold = await FirstAsync(updates);
        await lake.DisposeAsync();
        Assert.True(await updates.MoveNextAsync());
        Assert.IsType<LiveBehind>(updates.Current);

        // Also watchers that come only now.
        await using IAsyncEnumerator<LiveUpdate> later = ClientOf(before.Address.ToString()).WatchAsync(Watched).GetAsyncEnumerator(patience.Token);
        await FirstAsync(later);
        Assert.True(await later.MoveNextAsync());
        Assert.IsType<LiveBehind>(later.Current);

        await using ServerUnderTest back = await StartAsync(scratch, url);
        await SendAsync(back, "b");
        while (fold.ToTable().GrandTotal < 2)
        {
            Assert.True(await updates.MoveNextAsync());
            Apply(ref fold, updates.Current);
        }
    }

    private static LiveQuery Watched { get; } = new() { Reports = [new LiveReportQuery("report1", ReportFilter.None)] };

    private static async Task<ReportFold> FirstAsync(IAsyncEnumerator<LiveUpdate> updates)
    {
        ReportFold fold = null!;
        do
        {
            Assert.True(await updates.MoveNextAsync());
            Apply(ref fold, updates.Current);
        }
        while (updates.Current is not LiveSnapshot);
        return fold;
    }

    private static void Apply(ref ReportFold fold, LiveUpdate update)
    {
        switch (update)
        {
            case LiveSnapshot snapshot:
                fold = new ReportFold(snapshot.Snapshot.Table);
                break;
            case LiveDelta delta:
                fold.Apply(delta.Rows, delta.Removed);
                break;
            default:
                break;
        }
    }

    private static async Task SendAsync(ServerUnderTest server, string id)
    {
        var body = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(ServerUnderTest.Line(id)));
        Assert.Equal(1, (await server.NewClient().SendAsync(body, new SendOptions { WaitForReports = true })).Accepted);
    }

    private static HttpLakeClient ClientOf(string url, Action<LakeHttpOptions>? configure = null)
    {
        var options = new LakeHttpOptions { BaseAddress = new Uri(url), RetryDelay = TimeSpan.FromMilliseconds(2), RetryDelayMax = TimeSpan.FromMilliseconds(20) };
        configure?.Invoke(options);
        return new HttpLakeClient(HttpLakeClient.Configure(new HttpClient(), options), options);
    }

    private static Task<ServerUnderTest> StartAsync(ScratchFolder scratch, string url) =>
        ServerUnderTest.StartAsync(scratch: scratch, settings: settings => settings with { Urls = [url] });

    private static string FreeUrl() => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Take()}");

    private sealed class SteppedClock : TimeProvider
    {
        internal TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Now;
    }
}
