using System.Buffers;
using System.Text;
using OrleansLake.Client;
using OrleansLake.Client.Orleans;
using OrleansLake.TestSupport;

namespace OrleansLake.Silo.Tests;

/// <summary>Watching a cluster that is away for a while.</summary>
public sealed class WatchOutageTests : IDisposable
{
    private static readonly LiveQuery Watched = new() { Reports = [new LiveReportQuery("report1", ReportFilter.None)], WithStatus = true };

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_watches_a_cluster_that_goes_is_told_and_goes_on_without_a_gap_when_it_is_back(bool isKilled)
    {
        SiloProcess silo = SiloProcess.BeginAlone(_folder["lake"]);
        await silo.StartedAsync();
        await using ClusterClient cluster = await ClusterClient.ConnectAsync(silo.GatewayPort);
        var lake = new GrainLakeClient(cluster.Grains, TimeProvider.System);
        await SendAsync(lake, "a");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using IAsyncEnumerator<LiveUpdate> updates = lake.WatchAsync(Watched, patience.Token).GetAsyncEnumerator(patience.Token);
        await UntilAsync(updates, 1);

        await (isKilled ? silo.KillAsync() : silo.TerminateAsync());
        await silo.DisposeAsync();
        while (updates.Current is not LiveBehind)
        {
            Assert.True(await updates.MoveNextAsync());
        }

        // Again after each try that failed.
        DateTimeOffset since = updates.Current.Time;
        for (int told = 0; told < 3; told++)
        {
            Assert.True(await updates.MoveNextAsync());
            var behind = Assert.IsType<LiveBehind>(updates.Current);
            Assert.Equal((since, false), (behind.Since, behind.IsComplete));
            Assert.Contains("The cluster does not answer", behind.Reason, StringComparison.Ordinal);
        }

        await using SiloProcess back = SiloProcess.Begin(silo.Settings);
        await back.StartedAsync();
        do
        {
            Assert.True(await updates.MoveNextAsync());
        }
        while (updates.Current is LiveBehind);

        // Nothing has changed, and it is notified that this is live; then what changes.
        Assert.IsType<LiveProgress>(updates.Current);
        await SendAsync(lake, "b");
        await UntilAsync(updates, 2);
    }

    [Fact]
    public async Task A_watcher_that_is_not_to_wait_longer_ends_and_says_so()
    {
        await using SiloProcess silo = SiloProcess.BeginAlone(_folder["lake"]);
        await silo.StartedAsync();
        await using ClusterClient cluster = await ClusterClient.ConnectAsync(silo.GatewayPort);
        var lake = new GrainLakeClient(cluster.Grains, TimeProvider.System, watchOutageMax: TimeSpan.FromSeconds(3));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await using IAsyncEnumerator<LiveUpdate> updates = lake.WatchAsync(Watched, patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.True(await updates.MoveNextAsync());
        await silo.KillAsync();
        LiveUpdate? last = null;
        LakeClientException e = await Assert.ThrowsAsync<LakeClientException>(async () =>
        {
            while (await updates.MoveNextAsync())
            {
                last = updates.Current;
            }
        });
        Assert.Equal(LakeClientErrorKind.Unavailable, e.Kind);
        Assert.IsType<LiveBehind>(last);
        Assert.Throws<ArgumentOutOfRangeException>(() => new GrainLakeClient(cluster.Grains, TimeProvider.System, watchOutageMax: TimeSpan.FromSeconds(-2)));
    }

    private static async Task SendAsync(GrainLakeClient lake, string id)
    {
        byte[] line = Encoding.UTF8.GetBytes($"{{\"timestamp\":\"2024-12-16T10:10:01Z\",\"event_type\":\"SENT\",\"message_id\":\"{id}\",\"channel\":\"CHAT\"}}\n");
        Assert.Equal(SendStatus.Stored, (await lake.SendAsync(new ReadOnlySequence<byte>(line), new SendOptions { IdempotencyKey = id, WaitForReports = true })).Status);
    }

    // The ledger says how many there are.
    private static async Task UntilAsync(IAsyncEnumerator<LiveUpdate> updates, long messages)
    {
        do
        {
            Assert.True(await updates.MoveNextAsync());
        }
        while (updates.Current is not LiveStatus status || status.Ledger.Messages < messages);
    }
}
