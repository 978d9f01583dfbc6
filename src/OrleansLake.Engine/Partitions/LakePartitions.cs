using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine.Gold;

namespace OrleansLake.Engine.Partitions;

/// <summary>
/// The partitions of a lake that one process owns, as one: what is accepted is divided among them, and each follows its own
/// log. With one partition every call is that partition's.
/// </summary>
/// <remarks>
/// Of each message all is in one partition, so partitions never wait for each other: a flush, a commit and a reading are that
/// of each, and what some have done before another failed stays done.
/// </remarks>
internal sealed class LakePartitions
{
    private readonly ParallelWork _work;
    private readonly Lock _goldGate;

    /// <param name="all">The partitions, in their order.</param>
    /// <param name="work">What they share.</param>
    /// <param name="goldGate">One at a time writes the gold of many partitions: they would use one temporary file.</param>
    internal LakePartitions(IReadOnlyList<LakePartition> all, ParallelWork work, Lock goldGate)
    {
        All = all;
        _work = work;
        _goldGate = goldGate;
    }

    /// <summary>Gets the partitions, in their order.</summary>
    internal IReadOnlyList<LakePartition> All { get; }

    /// <summary>Gets the number of partitions.</summary>
    internal int Count => All.Count;

    /// <summary>Gets the lake's status: sums, and the slowest of what takes time.</summary>
    internal LakeStatus Status
    {
        get
        {
            if (Count == 1)
            {
                return All[0].Status;
            }

            LakeStatus[] each = [.. All.Select(partition => partition.Status)];
            return new LakeStatus
            {
                Accepted = each.Sum(one => one.Accepted),
                Durable = each.Sum(one => one.Durable),
                Applied = each.Sum(one => one.Applied),
                Published = each.Sum(one => one.Published),
                Rejected = each.Sum(one => one.Rejected),
                RejectedUnresolved = each.Sum(one => one.RejectedUnresolved),
                Ledger = each.Aggregate(default(LedgerCounts), (sum, one) => sum + one.Ledger),
                CommitNumber = each.Sum(one => one.CommitNumber),
                CommitMs = each.Max(one => one.CommitMs),
                FsyncMs = each.Max(one => one.FsyncMs),
                Files = each.Sum(one => one.Files),
                Keys = each.Sum(one => one.Keys),
                PendingRows = each.Sum(one => one.PendingRows),
            };
        }
    }

    /// <summary>Returns the settlement of a rejected record of any of them.</summary>
    internal QuarantineSettlement SettlementOf(QuarantineId id) => QuarantineSettlement.Of(id, All.Select(static partition => partition.Registry));

    /// <summary>Writes messages to the logs. They are acknowledged only after <see cref="Flush"/>.</summary>
    internal void Accept(MessageBatch messages)
    {
        FramePart[] parts = FramePartitioner.Divide(messages, [], Count);
        for (int partition = 0; partition < parts.Length; partition++)
        {
            if (!parts[partition].IsEmpty)
            {
                All[partition].Accept(new FrameContent { Rows = parts[partition].Rows });
            }
        }
    }

    /// <summary>Checks whether another process has opened one of them: what is read and sent here is lost on them then.</summary>
    /// <exception cref="OwnershipLostException">Somebody has.</exception>
    internal void CheckOwnership()
    {
        foreach (LakePartition partition in All)
        {
            partition.CheckOwnership();
        }
    }

    /// <summary>Makes durable what was accepted before the call; see <see cref="LakePartition.Flush"/>.</summary>
    internal void Flush() => Each(static partition => partition.Flush());

    /// <summary>Applies accepted frames that are durable.</summary>
    internal void ApplyDurable() => Each(static partition => partition.ApplyDurable());

    /// <summary>Brings the state to where the log ends; see <see cref="LakePartition.StartApplying"/>.</summary>
    /// <returns>False if it was cancelled on the way.</returns>
    internal bool StartApplying(CancellationToken cancellationToken) => All.All(partition => partition.StartApplying(cancellationToken));

    /// <summary>Publishes everything that is applied, gold included.</summary>
    /// <param name="work">The share of the machine that it takes; null: all.</param>
    internal void Commit(ParallelWork? work = null)
    {
        foreach (LakePartition partition in All)
        {
            partition.Commit(work);
        }

        if (Count > 1)
        {
            lock (_goldGate)
            {
                GoldPublisher.PublishSum(All[0].Store, All[0].Epoch, All[0].Reports, [.. All.Select(partition => partition.Committed!)], tables => All[0].KeepNames(tables), work ?? _work);
            }
        }
    }

    /// <summary>Writes gold again if it is not of the newest commits. The gold of many partitions comes with their next commit.</summary>
    internal void RepairGold()
    {
        if (Count == 1)
        {
            All[0].RepairGold();
        }
    }

    /// <summary>Gets a value indicating whether every file of gold is there; nothing else is looked at. Of many partitions the next commit sees to it.</summary>
    internal bool HasGold =>
        Count > 1 || All[0].Store is not LocalStore store || GoldFiles.Names(All[0].Reports).All(name => File.Exists(store.FullPath(LakePaths.GoldFile(name))));

    /// <summary>Returns a report as of now, with everything that is accepted.</summary>
    internal ReportTable Report(ReportDefinition definition) =>
        All[0].Named(Count == 1 ? All[0].Report(definition) : ReportPart.Sum(definition, [.. All.Select(partition => partition.ReportPart(definition))]));

    /// <summary>Releases all logs.</summary>
    internal void Close()
    {
        foreach (LakePartition partition in All)
        {
            partition.Dispose();
        }
    }

    private void Each(Action<LakePartition> action)
    {
        if (Count == 1)
        {
            action(All[0]);
            return;
        }

        _work.For(Count, i => action(All[i]));
    }
}
