using OrleansLake.Core.Reports;
using OrleansLake.Engine.Gold;
using OrleansLake.Storage;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Snapshots;

namespace OrleansLake.Grains.Wire;

/// <summary>A partition's reports as of a commit, and of the commit what gold says of it.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.CommittedReadout")]
internal sealed record CommittedResponse
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
    public required LedgerDto Ledger { get; init; }

    /// <summary>Gets the number of rejected records that were replayed or dismissed.</summary>
    [Id(7)]
    public required long Replayed { get; init; }

    /// <summary>Gets the names of the reports, in the order of <see cref="Parts"/>; null: those of <see cref="LakeReports.All"/>.</summary>
    [Id(8)]
    public IReadOnlyList<string>? Names { get; init; }

    internal static CommittedResponse Of(CommittedReports committed)
    {
        StateRoot root = committed.Manifest.Snapshot;
        return new CommittedResponse
        {
            Number = committed.Manifest.Number,
            Generation = committed.Manifest.Generation,
            Sequence = committed.Manifest.Applied.Sequence,
            Offset = committed.Manifest.Applied.Offset,
            StatePath = (root.Changes.Count > 0 ? root.Changes[^1] : root.Base)?.Path,
            Parts = [.. committed.Parts.Select(PartBytes.Of)],
            Ledger = LedgerDto.Of(committed.Ledger),
            Replayed = committed.Replayed,
            Names = [.. committed.Parts.Select(part => part.Definition.Name)],
        };
    }

    /// <exception cref="IOException">The partition's silo keeps other reports.</exception>
    internal CommittedReports ToReports(int partition, ReportCatalog reports) => new(
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
        Replayed,
        [.. reports.Select(report => ReportPart.Read(report, Parts[PlaceOf(report, partition, reports)]))]);

    // Silos are given other reports one after the other: until all have the same, gold waits.
    private int PlaceOf(ReportDefinition report, int partition, ReportCatalog reports)
    {
        List<string> names = [.. Names ?? LakeReports.All.Select(static known => known.Name)];
        return names.IndexOf(report.Name) is var place and >= 0 ? place
            : throw new IOException($"the silo of partition {partition} keeps the reports {string.Join(", ", names)}, and this one {reports.Names}: give all silos the same");
    }
}
