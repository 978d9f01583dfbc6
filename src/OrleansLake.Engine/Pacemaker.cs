namespace OrleansLake.Engine;

/// <summary>Lets silver and gold follow bronze: applies what is durable whenever it is asked, and commits every trigger.</summary>
internal sealed class Pacemaker(LakePartition partition, TimeSpan trigger, TimeProvider clock)
{
    private long _lastCommit = clock.GetTimestamp();

    /// <summary>How long it is until the next commit is due; zero or less if it is due.</summary>
    internal TimeSpan UntilDue => trigger - clock.GetElapsedTime(_lastCommit);

    internal void Follow()
    {
        partition.ApplyDurable();
        if (UntilDue <= TimeSpan.Zero)
        {
            CommitNow();
        }
    }

    internal void CommitNow()
    {
        partition.ApplyDurable();
        partition.Commit();
        _lastCommit = clock.GetTimestamp();
    }
}
