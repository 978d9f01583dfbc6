using OrleansLake.Core.Time;
using OrleansLake.Engine.Mappings;
using OrleansLake.Engine.Partitions;

namespace OrleansLake.Engine.Ingest;

/// <summary>The work on rejected records, one call at a time: two calls might send one record, or one that is being dismissed.</summary>
internal sealed class QuarantineWork(ILakeStore store, OwnedPartitions owned, LakeTimeZone zone, LakeMappings mappings, LakeOptions lakeOptions)
{
    private readonly Lock _gate = new();

    /// <summary>Sends rejected records again.</summary>
    internal QuarantineReplaySummary ReplayQuarantine(QuarantineReplayOptions options, RecordReading? reading, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new QuarantineReplayer(store, owned.Open(), options, reading ?? new RejectedRecordReader(zone, lakeOptions, mappings, options).Read).Run(cancellationToken);
        }
    }

    /// <summary>Dismisses rejected records, or opens dismissed ones again.</summary>
    internal DismissSummary Dismiss(DismissOptions options, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new Dismissal(store, owned.Open(), options).Run(cancellationToken);
        }
    }
}
