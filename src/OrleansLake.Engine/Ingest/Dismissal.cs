using OrleansLake.Engine.Partitions;
using OrleansLake.Engine.Quarantine;

namespace OrleansLake.Engine.Ingest;

/// <summary>Dismisses rejected records, or opens dismissed ones again: a frame without rows in each partition's log says which, and why.</summary>
internal sealed class Dismissal(ILakeStore store, LakePartitions partitions, DismissOptions options)
{
    private readonly List<QuarantineId> _changed = [];
    private readonly List<QuarantineId> _replayed = [];
    private readonly List<QuarantineId> _unchanged = [];

    internal DismissSummary Run(CancellationToken cancellation)
    {
        var missing = options.Wanted.Where(static range => range.IsOne).Select(static range => range.First).ToHashSet();
        int found = 0;
        for (int place = 0; place < partitions.Count; place++)
        {
            int before = _changed.Count;
            foreach (QuarantineEntry entry in QuarantineReader.Read(store, place, partitions.All[place].Quarantined(), options.Wanted, partitions.SettlementOf))
            {
                cancellation.ThrowIfCancellationRequested();
                missing.Remove(entry.Id);
                found++;
                ListFor(entry.Settlement).Add(entry.Id);
            }

            foreach (QuarantineId[] ids in _changed.Skip(before).Chunk(SourceProgress.Replayed.IdsMax))
            {
                partitions.All[place].Accept(new FrameContent { SourceProgress = new SourceProgress.Dismissed(ids, options.Reason) });
            }
        }

        partitions.Flush();
        return new DismissSummary(_changed.Count, _replayed, _unchanged, [.. missing.Order()], found == 0);
    }

    private List<QuarantineId> ListFor(QuarantineSettlement settlement) =>
        settlement.IsReplayed ? _replayed
        : settlement.DismissedBecause is null == options.Reason is null ? _unchanged
        : _changed;
}
