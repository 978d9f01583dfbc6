using OrleansLake.Core.Messages;
using OrleansLake.Simulation.Stores;
using OrleansLake.Simulation.Workloads;
using OrleansLake.Storage;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Partitions;

namespace OrleansLake.Simulation;

/// <summary>A workload under a plan: what the plan stops continues in another process, and the invariants are checked in between.</summary>
internal sealed class SimulatedRun
{
    private const int TriesMax = 8;

    private readonly int _seed;

    public SimulatedRun(int seed, IReadOnlyList<WorkStep> steps, PlantedBug bug = PlantedBug.None, KeptFields? keep = null, IdTypes? ids = null)
    {
        _seed = seed;
        Store = new FaultyMemoryStore(seed) { Bug = bug };
        Workload = new Workload(Store, seed, steps) { Bug = bug, Keep = keep, Ids = ids ?? IdTypes.Default };
    }

    public FaultyMemoryStore Store { get; }

    public Workload Workload { get; }

    /// <summary>Returns the number of operations and changes that the steps take if nothing goes wrong.</summary>
    public static (long Operations, long Changes) Measure(int seed, IReadOnlyList<WorkStep> steps)
    {
        var run = new SimulatedRun(seed, steps);
        run.Workload.Run();
        run.Workload.Settle();
        return (run.Store.Operations, run.Store.Changes);
    }

    /// <summary>A crash at a change, and if asked for another at a change of the recovery; then the rest.</summary>
    public void Crash(long change, CrashMode mode, long secondChange = -1)
    {
        Store.Plan(new FaultPlan { CrashAtChange = change });
        if (!HasStopped(Workload.Run))
        {
            HasStopped(Workload.Settle);
        }

        NextProcess(mode);
        Invariants.CheckReaders(Store, Workload);
        CrashRecovery(secondChange, mode);
        Recover();
        Finish();
    }

    /// <summary>An operation that fails, once or with all after it; the process tries again, then another one does.</summary>
    /// <param name="plan">Which operation fails.</param>
    /// <param name="secondChange">If not negative: the next process crashes at this change of its recovery.</param>
    /// <param name="mode">What that crash leaves.</param>
    public void Fail(FaultPlan plan, long secondChange = -1, CrashMode mode = CrashMode.Dropped)
    {
        Store.Plan(plan);
        for (int tries = 0; !Workload.IsDone; tries++)
        {
            Assert.True(tries < TriesMax, "the lake does not recover");
            if (!HasStopped(Workload.Run))
            {
                break;
            }

            if (tries > 0 || plan.ErrorsStay)
            {
                // The faults have ended, and the process with them.
                NextProcess(CrashMode.Killed);
                Invariants.CheckReaders(Store, Workload);
                CrashRecovery(secondChange, mode);
                Recover();
            }
        }

        if (HasStopped(Workload.Settle))
        {
            NextProcess(CrashMode.Killed);
        }

        Store.Plan(FaultPlan.None);
        Finish();
    }

    /// <summary>Faults of every kind, one after the other, as the seed has them.</summary>
    public void Random()
    {
        var random = new Random(_seed);
        for (int faults = random.Next(1, 5); faults > 0 && !Workload.IsDone; faults--)
        {
            bool crashes = random.Next(3) > 0;
            Store.Plan(crashes
                ? new FaultPlan { CrashAtChange = random.Next(200) }
                : new FaultPlan
                {
                    ErrorAt = random.Next(600),
                    ErrorsStay = random.Next(2) == 0,
                    ErrorsComeAfter = random.Next(3) == 0,
                    IsDiskFull = random.Next(3) == 0,
                });
            if (HasStopped(Workload.Run))
            {
                if (!crashes && random.Next(2) == 0)
                {
                    Store.Plan(FaultPlan.None);
                    HasStopped(Workload.Run);
                }

                NextProcess((CrashMode)random.Next(5));
                Invariants.CheckReaders(Store, Workload);
                if (random.Next(2) == 0)
                {
                    Recover();
                }
            }
        }

        Store.Plan(FaultPlan.None);
        Workload.Run();
        Finish();
    }

    private void CrashRecovery(long change, CrashMode mode)
    {
        if (change >= 0)
        {
            Store.Plan(new FaultPlan { CrashAtChange = change });
            HasStopped(Workload.Settle);
            NextProcess(mode);
            Invariants.CheckReaders(Store, Workload);
        }
    }

    private void Recover()
    {
        Workload.Settle();
        Invariants.CheckSettled(Store, Workload);
    }

    // The rest of the steps, and once more: recovery of what is whole changes nothing.
    private void Finish()
    {
        Workload.Run();
        Recover();
        Assert.Equal(Workload.Sent.Count, Workload.AcknowledgedCount);
        long applied = PartitionReader.ReadLatest(Store, new PartitionId(0))!.Manifest.Applied.Offset;
        Workload.Close();
        NextProcess(CrashMode.Dropped);
        Recover();
        Assert.Equal(applied, PartitionReader.ReadLatest(Store, new PartitionId(0))!.Manifest.Applied.Offset);
    }

    private void NextProcess(CrashMode mode)
    {
        Store.Restart(mode, _seed);
        Workload.Abandon();
    }

    // Only what a fault may lead to: anything else, damage above all, is the engine's mistake.
    private static bool HasStopped(Action run)
    {
        try
        {
            run();
            return false;
        }
        catch (Exception e) when (e is CrashException or IOException or LogClosedException)
        {
            return true;
        }
    }
}
