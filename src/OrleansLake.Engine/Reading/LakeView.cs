using OrleansLake.Core.State;
namespace OrleansLake.Engine.Reading;

/// <summary>A lake as of one commit of each of its partitions. Partitions that nothing was published of are left out.</summary>
/// <param name="Partitions">The newest commit of each partition, in their order.</param>
internal sealed record LakeView(IReadOnlyList<ManifestView> Partitions)
{
    private readonly Dictionary<PartitionId, ManifestView> _byPartition = Partitions.ToDictionary(view => view.Manifest.Partition);

    internal IReadOnlyList<Manifest> Manifests { get; } = [.. Partitions.Select(view => view.Manifest)];

    /// <summary>Gets the number that gold gives its manifest: goes up whenever a partition commits.</summary>
    internal long Number { get; } = Partitions.Sum(view => view.Manifest.Number);

    /// <summary>Gets the number of messages of bronze that are published in all; of one partition, its offset.</summary>
    internal long Position { get; } = Partitions.Sum(view => view.Manifest.Applied.Offset);

    /// <summary>Gets the counts of all partitions.</summary>
    internal Ledger Ledger { get; } = Partitions.Count == 1 ? Partitions[0].Ledger : Ledger.Sum(Partitions.Select(view => view.Ledger));

    /// <summary>Returns the newest commits; null if nothing was published yet.</summary>
    internal static LakeView? ReadLatest(ILakeStore store, IReadOnlyList<PartitionId> partitions)
    {
        ManifestView[] views = [.. partitions.Select(partition => PartitionReader.ReadLatest(store, partition)).OfType<ManifestView>()];
        return views.Length == 0 ? null : new LakeView(views);
    }

    /// <summary>Returns whether no partition has made a later commit.</summary>
    internal bool IsNewest(ILakeStore store) => Manifests.All(manifest => PartitionReader.IsNewest(store, manifest));

    /// <summary>Returns whether a commit names a data file.</summary>
    internal bool Names(string path) => Partitions.Any(view => view.Files.ContainsKey(path));

    /// <summary>Returns whether a commit that is under way may be about to name a file: its owner is not an earlier one.</summary>
    internal bool MayBeNamedNext(string path) =>
        DataFileName.TryParse(path, out DataFileName name, out _)
        && _byPartition.TryGetValue(name.Partition, out ManifestView? view) && name.Epoch >= view.Manifest.Epoch;
}
