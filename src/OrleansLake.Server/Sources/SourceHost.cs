using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Core.Time;

namespace OrleansLake.Server.Sources;

/// <summary>Reads a source on a thread of its own, and opens it again where that fails.</summary>
internal sealed class SourceHost(ITopicSource source, ITopicLake lake, ILakeClient client, LakeMetrics metrics, TimeProvider clock, ILogger<SourceHost> logger) : BackgroundService
{
    private static readonly Backoff Rests = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

    private readonly RepeatedLine _lost = new(clock);

    /// <inheritdoc/>
    /// <exception cref="ServeSettingsException">The lake has no mapping of the name that the source gives.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await SourceMapping.FaultAsync(client, source.Mapping, source, cancellationToken).ConfigureAwait(false) is { } fault)
        {
            throw new ServeSettingsException(fault);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stop)
    {
        var store = new SourceStore(source.Mapping, lake, metrics, clock, logger);
        for (int failures = 0; !stop.IsCancellationRequested;)
        {
            SourceReading? reading = null;
            try
            {
                ITopicReader reader = source.OpenAsync(store.PositionsAsync().GetAwaiter().GetResult(), Lost, stop).GetAwaiter().GetResult();
                reading = new SourceReading(source, reader, store, metrics, clock, logger, _lost);
                reading.Run(stop);
            }
#pragma warning disable CA1031 // Brokers go and come back, and so does a lake; what is not stored is read again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (!stop.IsCancellationRequested)
                {
                    Lost(e.Message.Split('\n', '\r')[0].TrimEnd('.'));
                    failures = reading is { HasRead: true } ? 1 : failures + 1;
                    stop.WaitHandle.WaitOne(Rests.After(failures));
                }
            }
        }
    }

    private void Lost(string reason)
    {
        if (_lost.IsDue(reason))
        {
            logger.TopicsLost(source, reason);
        }
    }
}
