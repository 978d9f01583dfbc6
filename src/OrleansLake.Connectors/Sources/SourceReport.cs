using OrleansLake.Client;

namespace OrleansLake.Connectors.Sources;

/// <summary>The progress of a source on all silos.</summary>
/// <param name="IsPaused">Whether it is paused.</param>
/// <param name="Trouble">What keeps it, or partitions of it, from being read; null if nothing does.</param>
/// <param name="Places">Its partitions, as far as they were found.</param>
/// <param name="Partitions">The newest report of each of them; null: none has come.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.SourceReport")]
internal sealed record SourceReport([property: Id(0)] bool IsPaused, [property: Id(1)] string? Trouble, [property: Id(2)] SourcePlaceId[] Places, [property: Id(3)] PartitionReport?[] Partitions)
{
    internal SourceStatus ToStatus(string name) => new(
        name,
        IsPaused,
        Trouble ?? Partitions.FirstOrDefault(static one => one?.Trouble is not null)?.Trouble,
        [.. Places.Zip(Partitions).Where(static one => one.Second is { IsRead: true }).Select(static one => one.Second!.ToStatus(one.First))
            .OrderBy(static one => one.Topic, StringComparer.Ordinal).ThenBy(static one => one.Number)]);
}
