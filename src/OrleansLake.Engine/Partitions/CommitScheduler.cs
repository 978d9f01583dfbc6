namespace OrleansLake.Engine.Partitions;

/// <summary>Makes silver and gold follow bronze: applies what is durable whenever it is asked, and commits every trigger.</summary>
/// <param name="partitions">What is committed.</param>
/// <param name="trigger">How often.</param>
/// <param name="clock">The clock.</param>
/// <param name="work">How much of the machine a commit takes; null: all that the partition may have.</param>
internal sealed class CommitScheduler(LakePartitions partitions, TimeSpan trigger, TimeProvider clock, ParallelWork? work = null)
{
    private long _lastCommit = clock.GetTimestamp();

    /// <summary>Gets the time until the next commit is due; zero or less if it is due.</summary>
    internal TimeSpan UntilDue => trigger - clock.GetElapsedTime(_lastCommit);

    internal void Follow()
    {
        partitions.ApplyDurable();
        if (UntilDue <= TimeSpan.Zero)
        {
            CommitNow();
        }
    }

    internal void CommitNow()
    {
        // From its start: what it publishes may be seen, and acted upon, before it has ended.
        long started = clock.GetTimestamp();
        partitions.ApplyDurable();
        partitions.Commit(work);
        _lastCommit = started;
    }
}
