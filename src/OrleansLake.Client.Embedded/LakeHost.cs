using System.Diagnostics;
using System.Runtime.ExceptionServices;
using OrleansLake.Core;
using OrleansLake.Core.Reports;
using OrleansLake.Core.Time;
using OrleansLake.Engine;
using OrleansLake.Storage;

namespace OrleansLake.Client.Embedded;

/// <summary>
/// Owns the lake of this process: opens it before other services start, runs its pipeline, and when they have stopped commits and
/// gives the lake back.
/// </summary>
internal sealed class LakeHost(
    EmbeddedLakeOptions options, LakeMetrics metrics, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<LakeHost> logger) : IHostedLifecycleService, IAsyncDisposable
{
    private static readonly Backoff PipelineRests = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

    private readonly CancellationTokenSource _stop = new();
    private Lake? _lake;
    private Task _pipeline = Task.CompletedTask;

    /// <summary>Gets the contract over the lake; null until it is open.</summary>
    internal EmbeddedLakeClient? Client { get; private set; }

    /// <summary>Gets the reports that the lake keeps, before it is open, too.</summary>
    internal ReportCatalog Reports => _lake?.Reports ?? options.Reports;

    /// <summary>Gets the reason why the lake cannot be served any longer; null while it can.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Gets a value indicating whether the pipeline is up; while it is being started again it is not.</summary>
    internal bool IsRunning { get; private set; }

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        _lake = await OpenAsync(cancellationToken).ConfigureAwait(false);
        _lake.GoLive().Failed += failure => logger.ApplyFailed(failure.Message);
        Client = new EmbeddedLakeClient(_lake, clock, options.DatesPerSendMax, options.DatesPerSenderMax);
        _pipeline = RunPipelineAsync(_lake);
        if (!options.IsDurable && !options.IsOfProgram)
        {
            // `lake serve --no-fsync` has been asked for by name.
            logger.NotDurable();
        }

        logger.Opened(_lake.Path, _lake.Status.Accepted, _lake.Status.Keys, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        if (!_lake.Reports.Ids.AreDefault)
        {
            logger.OtherIds(_lake.Reports.Ids.Shown);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        EmbeddedLakeClient client = Client!;
        metrics.Observe(client.Standing, () => client.Standing().Watchers, clock);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _pipeline.ConfigureAwait(false);
        if (_lake is { } lake)
        {
            logger.Closed(lake.Status.Published, lake.Status.CommitNumber);
            _lake = null;
            await lake.DisposeAsync().ConfigureAwait(false);
            if (!options.IsOfProgram && Failure is { } failure)
            {
                // An application's run is to end with it, too, and not as if it had been asked to stop.
                ExceptionDispatchInfo.Throw(failure);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_lake is not null)
        {
            await StoppedAsync(CancellationToken.None).ConfigureAwait(false);
        }

        _stop.Dispose();
    }

    private async Task<Lake> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Lake.OpenAsync(options.ToLakeOptions() with { Clock = clock }, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The operating system's words name what was asked for, not what to do.
            string why = e.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
            string opening = e is PathTooLongException ? $"{why}:" : $"The lake in {options.Path} cannot be opened ({why}): let this user write there, or";
            throw new LakeException(LakeFailure.Environment, $"{opening} name another folder with --lake (in an application OrleansLake:Path).", e);
        }
    }

    private async Task RunPipelineAsync(Lake lake)
    {
        for (int failures = 0; !_stop.IsCancellationRequested;)
        {
            long started = clock.GetTimestamp();
            try
            {
                IsRunning = true;
                await lake.RunAsync(new RunOptions(), new PipelineNotices(logger), _stop.Token).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is CorruptDataException or OwnershipLostException or LakeNotFoundException or LakeRefusedException or LakeException)
            {
                Failure = e;
                logger.PipelineStopped(e.Message);
                lifetime.StopApplication();
                return;
            }
#pragma warning disable CA1031 // Disks fail and come back; what is acknowledged is in the log, and the server continues.
            catch (Exception e)
#pragma warning restore CA1031
            {
                IsRunning = false;
                failures = clock.GetElapsedTime(started) > PipelineRests.Max ? 1 : failures + 1;
                TimeSpan rest = PipelineRests.After(failures);
                logger.PipelineFailed(rest, e.Message);
                await Task.Delay(rest, clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private sealed class PipelineNotices(ILogger logger) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => logger.Notice(value.Notice);
    }
}
