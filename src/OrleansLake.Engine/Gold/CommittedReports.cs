using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine.Reading;

namespace OrleansLake.Engine.Gold;

/// <summary>One partition's reports as of a commit of it.</summary>
/// <param name="Manifest">The commit.</param>
/// <param name="Ledger">The counts.</param>
/// <param name="Replayed">Rejected records that were replayed or dismissed.</param>
/// <param name="Parts">The reports, in the order of the catalog.</param>
internal sealed record CommittedReports(Manifest Manifest, Ledger Ledger, long Replayed, IReadOnlyList<ReportPart> Parts)
{
    /// <summary>Reads those of a commit from the state that it names.</summary>
    internal static CommittedReports Read(ILakeStore store, ManifestView commit, ReportCatalog reports)
    {
        LakeState state = SnapshotState.Read(store, commit.Manifest, reports);
        return new CommittedReports(
            commit.Manifest, commit.Ledger, PartitionReader.ReadRegistry(store, commit.Manifest).SettledCount, [.. reports.Select(state.Part)]);
    }
}
