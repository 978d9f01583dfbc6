using OrleansLake.Client;
using OrleansLake.Client.Embedded;

namespace OrleansLake.Server.Sinks;

/// <summary>Writes all sinks from this process.</summary>
internal sealed class LocalSinks(SinkCatalog sinks, ILakeClient lake, LakeMetrics metrics, TimeProvider clock, ILogger<SinkFollowing> logger) : ISinkPlacement, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private volatile SinkFollowing[] _all = [];
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        IReportSink[] all = [.. sinks.Names.Select(name => sinks.Open(name)!)];
        foreach (IReportSink sink in all)
        {
            SinkFollowing.Check(sink, lake);
        }

        _all = [.. all.Select(sink => new SinkFollowing(sink, lake, metrics, clock, logger))];
        _running = Task.WhenAll(_all.Select(one => Task.Run(() => one.RunAsync(_stop.Token), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<SinkStatus>> GetSinksAsync(CancellationToken cancellationToken = default)
    {
        LakeStanding? standing = await SinkLags.StandingAsync(lake, cancellationToken).ConfigureAwait(false);
        return [.. _all.Select(one => one.Status.Behind(standing))];
    }

    public void Dispose() => _stop.Dispose();
}
