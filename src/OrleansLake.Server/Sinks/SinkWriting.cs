using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Core.Reports;
using OrleansLake.Core.Time;

namespace OrleansLake.Server.Sinks;

/// <summary>Follows a lake's reports and writes each step to a sink; where that fails, it opens the sink again and begins with whole reports.</summary>
internal sealed class SinkWriting(IReportSink sink, ILakeClient lake, LakeMetrics metrics, TimeProvider clock, ILogger<SinkWriting> logger) : BackgroundService
{
    private static readonly Backoff Rests = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    private readonly RepeatedLine _lost = new(clock);
    private int _failures;

    // What is written, for metrics.
    private volatile LiveUpdate? _written;

    /// <inheritdoc/>
    /// <exception cref="ServeSettingsException">The sink names a report that the lake does not have.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (sink.Reports.FirstOrDefault(name => lake.Reports.Find(name) is null) is { } unknown)
        {
            throw new ServeSettingsException($"{sink} is to have the report {unknown}, which the lake does not have; it has {lake.Reports.Names}.");
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using IDisposable observed = metrics.ObserveSink(sink.Name, () => _written);
        await using (sink.ConfigureAwait(false))
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await WriteAsync(stoppingToken).ConfigureAwait(false);
                }
                catch (SinkOwnershipException e)
                {
                    logger.SinkTaken(sink, e.Message);
                    return;
                }
#pragma warning disable CA1031 // A database goes and comes back, and so does a lake; the next try writes whole reports.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    if (!stoppingToken.IsCancellationRequested && _lost.IsDue(e.Message))
                    {
                        logger.SinkLost(sink, e.Message.Split('\n')[0].TrimEnd('.', '\r'));
                    }

                    await Task.Delay(Rests.After(++_failures), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    private async Task WriteAsync(CancellationToken stop)
    {
        // Where the lake is elsewhere, its reports say what their users' ids are only after it was asked.
        await lake.GetIdTypesAsync(stop).ConfigureAwait(false);
        ReportDefinition[] reports = [.. lake.Reports.Where(report => sink.Reports.Count == 0 || sink.Reports.Contains(report.Name, StringComparer.Ordinal))];
        long epoch = await sink.OpenAsync(reports, stop).ConfigureAwait(false);
        var query = new LiveQuery { Reports = [.. reports.Select(static report => new LiveReportQuery(report.Name, new ReportFilter()))], WithStatus = true };
        var updates = new List<LiveUpdate>();
        long number = 0;
        await foreach (LiveUpdate update in lake.WatchAsync(query, stop).ConfigureAwait(false))
        {
            if (update is LiveBehind behind)
            {
                throw new SinkException($"the lake is away: {behind.Reason}");
            }

            if (update is LiveSnapshot or LiveDelta or LiveStatus)
            {
                updates.Add(update);
            }

            if (update.IsComplete && updates.Count > 0)
            {
                await sink.WriteAsync(new SinkStep(++number, updates), stop).ConfigureAwait(false);
                _written = update;
                updates = [];
                if (number == 1)
                {
                    _failures = 0;
                    _lost.Reset();
                    logger.SinkOpened(sink, epoch, update.Position);
                }
            }
        }
    }
}
