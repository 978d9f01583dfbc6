using OrleansLake.Core.Reports;
using OrleansLake.Engine;
using OrleansLake.Storage;

namespace OrleansLake.Grains;

/// <summary>A partition's reports as of a commit, and of the commit what gold says of it.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.CommittedReadout")]
public sealed record CommittedReadout
{
    /// <summary>Gets the commit's number.</summary>
    [Id(0)]
    public required long Number { get; init; }

    /// <summary>Gets the lake's generation.</summary>
    [Id(1)]
    public required long Generation { get; init; }

    /// <summary>Gets the sequence up to which frames are in the commit.</summary>
    [Id(2)]
    public required long Sequence { get; init; }

    /// <summary>Gets the offset up to which messages are in the commit.</summary>
    [Id(3)]
    public required long Offset { get; init; }

    /// <summary>Gets the newest file of the state, which names the state; null if there is none.</summary>
    [Id(4)]
    public required string? StatePath { get; init; }

    /// <summary>Gets the reports' parts as bytes.</summary>
    [Id(5)]
    public required IReadOnlyList<byte[]> Parts { get; init; }

    /// <summary>Gets the counts.</summary>
    [Id(6)]
    public required LedgerCells Ledger { get; init; }

    /// <summary>Gets the number of rejected records that were replayed or dismissed.</summary>
    [Id(7)]
    public required long Mended { get; init; }

    internal static CommittedReadout Of(CommittedReports committed)
    {
        StateRoot root = committed.Manifest.Snapshot;
        return new CommittedReadout
        {
            Number = committed.Manifest.Number,
            Generation = committed.Manifest.Generation,
            Sequence = committed.Manifest.Applied.Sequence,
            Offset = committed.Manifest.Applied.Offset,
            StatePath = (root.Changes.Count > 0 ? root.Changes[^1] : root.Base)?.Path,
            Parts = [.. committed.Parts.Select(PartBytes.Of)],
            Ledger = LedgerCells.Of(committed.Ledger),
            Mended = committed.Mended,
        };
    }

    internal CommittedReports ToReports(int partition) => new(
        new Manifest
        {
            Partition = new PartitionId(partition),
            Number = Number,
            Epoch = default,
            Generation = Generation,
            Applied = new LogPosition(Sequence, Offset),
            Durable = new LogPosition(Sequence, Offset),
            Segments = [],
            Snapshot = StatePath is null ? StateRoot.Empty : StateRoot.Empty with { Base = new StateFile(StatePath, 0, 0, 0) },
        },
        Ledger.ToLedger(),
        Mended,
        [.. LakeReports.All.Select((report, i) => ReportPart.Read(report, Parts[i]))]);
}
