using System.Globalization;
using OrleansLake.Client;

namespace OrleansLake.Server.Sources;

/// <summary>
/// Says under which identity a partition is in the lake. A position never goes back: a topic that was made again, whose offsets begin again, has another
/// generation of its identity, <c>kafka:cluster:topic#2</c>, and so has what is read once more.
/// </summary>
internal static class TopicGenerations
{
    private const char Mark = '#';

    /// <summary>Returns the newest position of a partition that the lake has; null: it has none.</summary>
    internal static TopicPosition? NewestOf(IReadOnlyList<TopicPosition> known, SourcePartition partition) =>
        known.Where(position => position.Partition == partition.Number && NumberOf(position.Topic, partition.Topic) > 0).MaxBy(position => NumberOf(position.Topic, partition.Topic));

    /// <summary>Returns the place from which a partition is read that the lake does not have: of one that was added to a topic later all is new.</summary>
    internal static SourcePlace BeginOf(IReadOnlyList<TopicPosition> known, string topic) =>
        known.Any(position => NumberOf(position.Topic, topic) > 0) ? SourcePlace.Earliest : SourcePlace.Configured;

    /// <summary>Returns the identity of the generation behind one.</summary>
    internal static string Next(string identity, string topic) => string.Create(CultureInfo.InvariantCulture, $"{topic}{Mark}{NumberOf(identity, topic) + 1}");

    // 0: it is another topic.
    private static int NumberOf(string identity, string topic) => !identity.StartsWith(topic, StringComparison.Ordinal) ? 0
        : identity.Length == topic.Length ? 1
        : identity[topic.Length] == Mark && int.TryParse(identity.AsSpan(topic.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
