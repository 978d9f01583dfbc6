using OrleansLake.Storage.Log;

namespace OrleansLake.Storage.Registries;

/// <summary>Puts together what a lake's partitions know of topics.</summary>
internal static class TopicPositions
{
    /// <summary>Returns, of each partition of a topic, the offset before which all of the lake's partitions have all records.</summary>
    /// <param name="progress">What each of the lake's partitions has.</param>
    internal static Dictionary<(string Topic, int Partition), long> Of(IReadOnlyList<IReadOnlyList<SourceProgress.TopicProgress>> progress) => progress.SelectMany(static topics => topics)
        .GroupBy(static one => (one.Topic, one.Partition))
        .ToDictionary(
            static topic => topic.Key,

            // What all partitions have is complete, whether a frame says so or not.
            topic => Math.Max(topic.Max(static one => one.CompleteOffset), topic.Count() == progress.Count ? topic.Min(static one => one.NextOffset) : 0));
}
