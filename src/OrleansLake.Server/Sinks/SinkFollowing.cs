using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Core.Reports;
using OrleansLake.Core.Time;

namespace OrleansLake.Server.Sinks;

/// <summary>Follows a lake's reports and writes each step to a sink; where that fails, it opens the sink again and begins with whole reports.</summary>
internal sealed class SinkFollowing(IReportSink sink, ILakeClient lake, LakeMetrics metrics, TimeProvider clock, ILogger<SinkFollowing> logger)
{
    private static readonly Backoff Rests = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    private readonly RepeatedLine _lost = new(clock);
    private int _failures;
    private volatile SinkProgress _progress = SinkProgress.None;

    /// <summary>Gets how far it is: replaced, never changed.</summary>
    internal SinkProgress Progress => _progress;

    /// <summary>Gets its status, without how far it is behind the lake.</summary>
    internal SinkStatus Status => _progress.ToStatus(sink.Name);

    /// <summary>Checks that the lake has the reports that a sink names.</summary>
    /// <exception cref="ServeSettingsException">It has not.</exception>
    internal static void Check(IReportSink sink, ILakeClient lake)
    {
        if (sink.Reports.FirstOrDefault(name => lake.Reports.Find(name) is null) is { } unknown)
        {
            throw new ServeSettingsException($"{sink} is to have the report {unknown}, which the lake does not have; it has {lake.Reports.Names}.");
        }
    }

    /// <summary>Writes until it is stopped, or another owner has come; then the sink is closed.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        using IDisposable observed = metrics.ObserveSink(sink.Name, () => _progress.Written);
        await using (sink.ConfigureAwait(false))
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await WriteAsync(stop).ConfigureAwait(false);
                }
                catch (SinkOwnershipException e)
                {
                    Note(_progress with { IsTaken = true }, e.Message);
                    logger.SinkTaken(sink, e.Message);
                    return;
                }
#pragma warning disable CA1031 // A database goes and comes back, and so does a lake; the next try writes whole reports.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    if (!stop.IsCancellationRequested)
                    {
                        string reason = e.Message.Split('\n')[0].TrimEnd('.', '\r');
                        Note(_progress, reason);
                        if (_lost.IsDue(e.Message))
                        {
                            logger.SinkLost(sink, reason);
                        }
                    }

                    await Task.Delay(Rests.After(++_failures), clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    private void Note(SinkProgress progress, string failure) => _progress = progress with { Failure = failure, FailedAt = clock.GetUtcNow() };

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
                _progress = _progress with { Epoch = epoch, Written = update, IsTaken = false };
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
