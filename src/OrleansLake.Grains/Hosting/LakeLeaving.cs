using Microsoft.Extensions.Logging;
using OrleansLake.Core;
using OrleansLake.Engine;
using OrleansLake.Engine.Gold;
using OrleansLake.Grains.Cluster;
using OrleansLake.Grains.Partitions;
using OrleansLake.Storage;

namespace OrleansLake.Grains.Hosting;

/// <summary>
/// Drains a silo that stops: what is acknowledged is applied while all grains still are there, then its
/// partitions go at once, and the last silo writes gold as of what they have committed. Each step is bounded: what is not
/// done in time the next owners read from the log.
/// </summary>
internal sealed partial class LakeLeaving(LakeClusterHost host, OpenPartitions partitions, PartitionMap map, LakeDamage damage, ILogger<LakeLeaving> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    // A moment where nothing much is sent; a silo under load leaves the rest to the log.
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromSeconds(2);

    // Others that stop at the same time.
    private static readonly TimeSpan OthersMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(LakeLeaving), ServiceLifecycleStage.Active, static _ => Task.CompletedTask, CatchUpAsync);

        // Beside the deactivation of all grains, of which there may be many.
        lifecycle.Subscribe(nameof(LakeLeaving), ServiceLifecycleStage.GrainDeactivation, static _ => Task.CompletedTask, LeaveAsync);
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        partitions.AreLeaving = true;
        try
        {
            await Task.WhenAll(partitions.All.Select(partition => Task.Run(partition.CatchUpAsync))).WaitAsync(CatchUpMax, cancellationToken);
        }
        catch (Exception e) when (IsExpected(e))
        {
            // It is in the log.
        }
    }

    private async Task LeaveAsync(CancellationToken cancellationToken)
    {
        // A frame that waits for a message's grain, which goes as well, would keep its partition here until that is given up.
        IReadOnlyCollection<PartitionRunner> own = partitions.Leave();
        if (host.Opened is not { } lake)
        {
            return;
        }

        try
        {
            await Task.Run(() => WriteGoldAsync(lake, own, cancellationToken), cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is CorruptDataException || (damage.Found.IsCompleted && IsExpected(e)))
        {
            LogGoldDamaged();
        }
        catch (Exception e) when (IsExpected(e))
        {
            LogGoldBehind(e is OperationCanceledException ? "there was no time left" : Failures.ReasonOf(e));
        }
    }

    // Of silos that stop together the last one to commit finds all of it committed: the owner of partition 0 waits for nobody, the
    // others for those before them in the order of partitions.
    private async Task WriteGoldAsync(PartitionedLake lake, IReadOnlyCollection<PartitionRunner> own, CancellationToken cancellationToken)
    {
        bool isAlone = map.IsAlone();
        await Task.WhenAll(own.Select(partition => DrainAsync(partition, isAlone)));
        bool waits = own.All(partition => partition.Number != 0);
        for (long started = Environment.TickCount64; waits && map.AreEarlierLeaving && Environment.TickCount64 - started < OthersMax.TotalMilliseconds;)
        {
            await Task.Delay(PollInterval, cancellationToken);
        }

        // Others continue writing it.
        if (map.IsAlone())
        {
            lake.CompleteGold([.. own.Select(partition => partition.Committed).OfType<CommittedReports>()], cancellationToken);
        }
    }

    private static async Task DrainAsync(PartitionRunner partition, bool isAlone)
    {
        try
        {
            await partition.DrainAsync(appliesAll: isAlone);
        }
        catch (Exception e) when (Failures.IsLoss(e))
        {
            // Its grain has done it, and closed it; or it has another owner.
        }
    }

    private static bool IsExpected(Exception failure) =>
        Failures.IsExpected(failure) || failure is TimeoutException or OperationCanceledException or CorruptDataException or LakeException or LakeRefusedException;

    [LoggerMessage(1, LogLevel.Warning, "leaves gold behind the newest commit ({Reason}): `lake run` writes it, and so does the next silo")]
    private partial void LogGoldBehind(string reason);

    [LoggerMessage(2, LogLevel.Warning, "leaves gold behind the newest commit, as the lake is damaged: `lake check` shows where")]
    private partial void LogGoldDamaged();
}
