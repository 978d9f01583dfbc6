using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Client.Orleans;
using OrleansLake.Server.Sources;

namespace OrleansLake.Connectors.Sources;

/// <summary>Has each source read by grains: those of its partitions, on whatever silos they are.</summary>
internal sealed partial class GrainSources(
    SourceCatalog sources,
    IGrainFactory grains,
    [FromKeyedServices(OrleansLakeClusterServices.ClusterName)] ILakeClient lake,
    TimeProvider clock,
    ILogger<GrainSources> logger) : ISourcePlacement, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _starting = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ITopicSource[] all = [.. sources.Names.Select(name => sources.Find(name)!)];
        _starting = Task.WhenAll(all.Select(source => Task.Run(() => KeepAsync(source), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _starting.ConfigureAwait(false);
    }

    public void Dispose() => _stop.Dispose();

    public async Task<IReadOnlyList<SourceStatus>> GetSourcesAsync(CancellationToken cancellationToken = default) =>
        await Task.WhenAll(sources.Names.Select(async name => (await CallAsync(grains.GetSource(name).GetStatusAsync(), cancellationToken).ConfigureAwait(false)).ToStatus(name))).ConfigureAwait(false);

    public Task SetPausedAsync(string source, bool isPaused, CancellationToken cancellationToken = default) =>
        CallAsync(Find(source).SetPausedAsync(isPaused), cancellationToken);

    public async Task<IReadOnlyList<SourceMove>> SeekAsync(SourceSeek seek, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(seek);
        return [.. (await CallAsync(Find(seek.Source).SeekAsync(SeekRequest.Of(seek)), cancellationToken).ConfigureAwait(false)).Select(static move => move.ToMove())];
    }

    private static async Task<T> CallAsync<T>(Task<T> call, CancellationToken cancellationToken)
    {
        await CallAsync((Task)call, cancellationToken).ConfigureAwait(false);
        return await call.ConfigureAwait(false);
    }

    // Once: a seek that was made twice would say that it moved nothing.
    private static async Task CallAsync(Task call, CancellationToken cancellationToken)
    {
        try
        {
            await call.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SourceCallException e)
        {
            throw e.ToClient();
        }
        catch (Exception e) when (ClusterCalls.IsOfCluster(e, cancellationToken))
        {
            throw ClusterCalls.Unavailable(e);
        }
    }

    private ISourceGrain Find(string source) => sources.Names.Contains(source) ? grains.GetSource(source) : throw sources.Unknown(source);

    // Again and again: reminders that are kept in memory die with their silo.
    private async Task KeepAsync(ITopicSource source)
    {
        bool isMappingKnown = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (!isMappingKnown && await SourceMapping.FaultAsync(lake, source.Mapping, source, _stop.Token).ConfigureAwait(false) is { } fault)
                {
                    throw new LakeClientException(LakeClientErrorKind.NotFound, fault);
                }

                isMappingKnown = true;
                await grains.GetSource(source.Name).StartAsync().WaitAsync(_stop.Token).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever it is: the source is asked for until it is read.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (_stop.IsCancellationRequested)
                {
                    return;
                }

                LogNotStarted(source.Name, e.Message.ReplaceLineEndings(" ").TrimEnd('.'));
            }

            await Task.Delay(LakeConnectors.ReminderPeriod, clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Source} could not be begun, and is tried again: {Reason}")]
    private partial void LogNotStarted(string source, string reason);
}
