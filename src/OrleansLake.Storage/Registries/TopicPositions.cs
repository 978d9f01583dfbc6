namespace OrleansLake.Storage.Registries;

/// <summary>Puts together what a lake's partitions know of topics.</summary>
internal static class TopicPositions
{
    /// <summary>Returns, of each partition of a topic, the offset before which all of the lake's partitions have all records.</summary>
    /// <param name="registries">The registries of all of the lake's partitions.</param>
    internal static Dictionary<(string Topic, int Partition), long> Of(IReadOnlyList<Registry> registries) => registries.SelectMany(static registry => registry.Topics)
        .GroupBy(static progress => (progress.Topic, progress.Partition))
        .ToDictionary(
            static topic => topic.Key,

            // What all partitions have is complete, whether a frame says so or not.
            topic => Math.Max(topic.Max(static progress => progress.CompleteOffset), topic.Count() == registries.Count ? topic.Min(static progress => progress.NextOffset) : 0));
}
