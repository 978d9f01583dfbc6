using OrleansLake.Engine.Partitions;

namespace OrleansLake.Engine.Running;

/// <summary>The continuous job: bronze to silver to gold, a commit every trigger.</summary>
/// <param name="partitions">What runs.</param>
/// <param name="bronze">External bronze files.</param>
/// <param name="options">The lake's options.</param>
/// <param name="look">Looks whether the lake's folder is what it was, and returns what is wrong.</param>
/// <param name="work">What commits are given beside those who send and read.</param>
/// <param name="progress">Told what happens.</param>
internal sealed class Pipeline(LakePartitions partitions, ExternalFileIngestor bronze, LakeOptions options, Func<Exception?> look, ParallelWork work, IProgress<RunProgress>? progress)
{
    // How long a message that another thread appends may wait to be seen in live reports.
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private long _lookedAt = options.Clock.GetTimestamp();
    private bool _isMissed;
    private bool _hasGold;

    internal RunSummary Run(RunOptions run, Action published, CancellationToken cancellation)
    {
        TimeProvider clock = options.Clock;
        long started = clock.GetTimestamp();
        long publishedBefore = partitions.Status.Published;

        // Until it has caught up somebody waits for the whole; else somebody waits for each answer.
        var pace = new CommitScheduler(partitions, options.Trigger, clock, run.UntilCaughtUp ? null : work);
        bool isStopped = !partitions.StartApplying(cancellation);
        partitions.RepairGold();
        while (!isStopped)
        {
            // Commits show an owner that it was replaced; without anything to commit it would never know.
            partitions.CheckOwnership();
            LookNowAndThen();
            KeepGold();
            bool isSettled = bronze.IngestNewFiles(progress, cancellation);
            pace.CommitNow();
            _hasGold |= partitions.HasGold;
            published();
            if (run.UntilCaughtUp && isSettled)
            {
                break;
            }

            isStopped = Wait(pace, run, started, cancellation);
        }

        if (look() is { } lost)
        {
            throw lost;
        }

        partitions.Flush();
        pace.CommitNow();
        return new RunSummary { Accepted = partitions.Status.Published - publishedBefore, UnreadableFiles = bronze.Refused };
    }

    // Until the next trigger, applying what arrives. True if the run is to stop.
    private bool Wait(CommitScheduler pace, RunOptions run, long started, CancellationToken cancellation)
    {
        while (pace.UntilDue is { Ticks: > 0 } untilDue)
        {
            TimeSpan left = run.For is { } time ? time - options.Clock.GetElapsedTime(started) : TimeSpan.MaxValue;
            if (left <= TimeSpan.Zero)
            {
                return true;
            }

            TimeSpan wait = new[] { Beat, untilDue, left }.Min();
            if (cancellation.WaitHandle.WaitOne(wait))
            {
                return true;
            }

            partitions.ApplyDurable();
            LookNowAndThen();
        }

        return cancellation.IsCancellationRequested || (run.For is { } limit && options.Clock.GetElapsedTime(started) >= limit);
    }

    // Gold is derived: what somebody has deleted of it is made again.
    private void KeepGold()
    {
        bool hasGold = partitions.HasGold;
        if (_hasGold && !hasGold)
        {
            progress?.Report(new RunProgress("files in gold were gone, and are written again"));
            partitions.RepairGold();
        }

        // It stays so: what was written again may be gone again before the next check.
        _hasGold |= hasGold;
    }

    // Twice in a row: who puts a file in another's place may take that away first.
    private void LookNowAndThen()
    {
        if (options.Clock.GetElapsedTime(_lookedAt) < PollInterval)
        {
            return;
        }

        _lookedAt = options.Clock.GetTimestamp();
        Exception? lost = look();
        if (lost is not null && _isMissed)
        {
            throw lost;
        }

        _isMissed = lost is not null;
    }
}
