using OrleansLake.Core.State;
namespace OrleansLake.Engine.Partitions;

/// <summary>The state of the newest commit that readers see: it changes at the same moment at which its rows stop waiting.</summary>
/// <param name="Manifest">The commit.</param>
/// <param name="Files">Its data files, by path.</param>
/// <param name="Ledger">Its counts.</param>
internal sealed record PublishedLake(Manifest Manifest, IReadOnlyDictionary<string, DataFile> Files, Ledger Ledger)
{
    internal static PublishedLake Of(PartitionStore partition) => new(partition.Current, partition.Files, partition.Ledger);
}
