using OrleansLake.Core.Reports;
using OrleansLake.Core.State;

namespace OrleansLake.Engine.Reading;

/// <summary>Reads the state that a commit names.</summary>
internal static class SnapshotState
{
    /// <summary>Reads it whole: one partition's at a time should be in memory.</summary>
    internal static LakeState Read(ILakeStore store, Manifest manifest, ReportCatalog reports) => Of(PartitionReader.ReadSnapshot(store, manifest), reports);

    /// <summary>Puts a state together from its sections, in their order.</summary>
    internal static LakeState Of(IEnumerable<byte[]> sections, ReportCatalog reports)
    {
        var state = new LakeState(reports);
        foreach (byte[] section in sections)
        {
            state.Import(section);
        }

        return state;
    }
}
