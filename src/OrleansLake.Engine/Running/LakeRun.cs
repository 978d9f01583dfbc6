using OrleansLake.Core.Time;
using OrleansLake.Engine.External;
using OrleansLake.Engine.Ingest;
using OrleansLake.Engine.Partitions;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Engine.Running;

/// <summary>Runs the pipeline of a lake, once or through failures that pass, and ingests.</summary>
internal sealed class LakeRun(ILakeStore store, OwnedPartitions owned, LakeTimeZone zone, ParallelWork work, LakeOptions lakeOptions, ExternalBoard external, Func<Exception?> look)
{
    // How long a run that outlasts failures waits at most before it tries again.
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(5);

    private readonly ParallelWork _background = work.WithLowPriority();
    private volatile string? _trouble;

    /// <summary>Gets the reason why nothing is published at the moment; null if there is none.</summary>
    internal string? Trouble => _trouble;

    /// <summary>Runs the pipeline.</summary>
    internal RunSummary Run(RunOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken) =>
        options.OutlastsFailures ? RunOn(options, progress, cancellationToken) : RunOnce(options, progress, cancellationToken);

    /// <summary>Ingests a source, and commits what follows if it is asked to.</summary>
    internal IngestSummary Ingest(
        IngestSource source, IngestOptions options, QuarantineWork quarantine, IProgress<IngestProgress>? progress, CancellationToken cancellationToken)
    {
        LakePartitions partitions = owned.Open();
        CommitScheduler? pace = null;
        if (options.FollowUp)
        {
            if (!partitions.StartApplying(cancellationToken))
            {
                throw new OperationCanceledException(cancellationToken);
            }

            pace = new CommitScheduler(partitions, lakeOptions.Trigger, lakeOptions.Clock);
        }

        try
        {
            IngestSummary summary = new Ingestor(partitions, zone, work, pace, options, lakeOptions, progress, cancellationToken) { ReplayQuarantine = quarantine.ReplayQuarantine }.Ingest(source);
            return look() is { } lost ? throw lost : summary;
        }
        finally
        {
            pace?.CommitNow();
        }
    }

    private RunSummary RunOnce(RunOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            LakePartitions partitions = owned.Open();
            var watch = new ExternalFileIngestor(store, partitions, zone, work, lakeOptions, external);
            RunSummary summary = new Pipeline(partitions, watch, lakeOptions, look, _background, progress).Run(options, () => _trouble = null, cancellationToken);
            if (progress is not null)
            {
                // Of the last commit.
                Array.ForEach(external.Take(), notice => progress.Report(new RunProgress(notice)));
            }

            return summary;
        }
        catch (OwnershipLostException e) when (SiloClaim.Find(store) is [{ } silo, ..])
        {
            throw new OwnershipLostException($"{e.Message}: {silo} runs the lake now", e);
        }
    }

    private RunSummary RunOn(RunOptions options, IProgress<RunProgress>? progress, CancellationToken cancellationToken)
    {
        long started = lakeOptions.Clock.GetTimestamp();
        long publishedBefore = owned.Current.Status.Published;
        while (true)
        {
            try
            {
                TimeSpan? left = options.For - lakeOptions.Clock.GetElapsedTime(started);
                RunSummary summary = RunOnce(options with { For = left }, progress, cancellationToken);
                return summary with { Accepted = owned.Current.Status.Published - publishedBefore };
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or LogClosedException && !cancellationToken.IsCancellationRequested)
            {
                // What was accepted is durable, and what was to be committed is tried again as it was.
                _trouble = e.Message;
                progress?.Report(new RunProgress($"nothing is published at the moment: {e.Message}"));
                cancellationToken.WaitHandle.WaitOne(lakeOptions.Trigger < RetryDelayMax ? lakeOptions.Trigger : RetryDelayMax);
            }
        }
    }
}
