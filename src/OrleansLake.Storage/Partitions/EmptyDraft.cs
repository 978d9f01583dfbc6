using OrleansLake.Core.State;
using OrleansLake.Storage.Manifests;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Partitions;

/// <summary>The commit that starts a lake empty again.</summary>
internal static class EmptyDraft
{
    /// <summary>Removes every file of a partition; partition 0's removes what no manifest names, too.</summary>
    public static CommitDraft Of(ILakeStore store, PartitionId partition, LogPosition end, IReadOnlyDictionary<string, DataFile> files) => new()
    {
        Applied = end,
        Ledger = Ledger.Empty,
        Removed = [.. files.Keys],
        RemovedExternal = [.. Unnamed(store, partition, files)],
    };

    // Parquet files below the data folders that the manifest does not name.
    private static IEnumerable<string> Unnamed(ILakeStore store, PartitionId partition, IReadOnlyDictionary<string, DataFile> files) =>
        from folder in (string[])[LakePaths.BronzeData, LakePaths.Silver, LakePaths.Gold, LakePaths.Quarantine]
        from file in store.List(folder, recursive: true)
        where file.Path.EndsWith(DataFileName.Extension, StringComparison.Ordinal) && !files.ContainsKey(file.Path)
            && (DataFileName.TryParse(file.Path, out DataFileName name, out _) ? name.Partition == partition : partition.Value == 0)
        select file.Path;
}
