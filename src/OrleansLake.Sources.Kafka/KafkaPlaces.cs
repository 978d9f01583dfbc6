using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;

namespace OrleansLake.Sources.Kafka;

/// <summary>
/// Says which partition of the cluster is which in the lake, and from where it is read. A topic's identity has the cluster's id, not its
/// address: brokers that move are read on, and two clusters are not mistaken for one another.
/// </summary>
internal sealed class KafkaPlaces
{
    private const char Again = '#';

    private static readonly TimeSpan ClusterAnswer = TimeSpan.FromSeconds(3);

    private readonly KafkaTopics _topics;
    private readonly string _cluster;
    private readonly IReadOnlyList<TopicPosition> _known;

    private KafkaPlaces(KafkaTopics topics, string cluster, IReadOnlyList<TopicPosition> known)
    {
        _topics = topics;
        _cluster = cluster;
        _known = known;
    }

    /// <summary>Finds out which cluster it is.</summary>
    /// <exception cref="KafkaException">It does not say, but has said so before.</exception>
    internal static KafkaPlaces Find(KafkaTopics topics, IAdminClient admin, KafkaStore store, ILogger logger)
    {
        IReadOnlyList<TopicPosition> known = store.PositionsAsync().GetAwaiter().GetResult();
        if (topics.Cluster is { } named)
        {
            return new KafkaPlaces(topics, named, known);
        }

        bool isNameless = known.Any(static position => position.Topic.StartsWith("kafka::", StringComparison.Ordinal));
        try
        {
            string id = admin.DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = ClusterAnswer }).GetAwaiter().GetResult().ClusterId;

            // What was begun without the cluster's id goes on without it.
            return new KafkaPlaces(topics, isNameless ? "" : id, known);
        }
        catch (KafkaException e)
        {
            if (!isNameless && known.Any(static position => position.Topic.StartsWith("kafka:", StringComparison.Ordinal)))
            {
                throw;
            }

            logger.ClusterUnknown(string.Join(",", topics.Brokers), e.Error.Reason.TrimEnd('.'));
            return new KafkaPlaces(topics, "", known);
        }
    }

    /// <summary>Returns the identity of a topic that took the place of one.</summary>
    internal static string MadeAgain(string identity)
    {
        int mark = identity.IndexOf(Again, StringComparison.Ordinal);
        int number = mark < 0 ? 1 : int.Parse(identity.AsSpan(mark + 1), CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{(mark < 0 ? identity : identity[..mark])}{Again}{number + 1}");
    }

    /// <summary>Returns where a partition is read from.</summary>
    /// <returns>Its topic's identity, the offset, and whether the lake is to know that offset before anything is read.</returns>
    internal (string Identity, long Position, bool IsNew) StartOf(TopicPartition place, IConsumer<byte[]?, byte[]?> consumer, TimeSpan answer)
    {
        string identity = $"kafka:{_cluster}:{place.Topic}";
        TopicPosition[] ofTopic = [.. _known.Where(position => position.Topic == identity || position.Topic.StartsWith(identity + Again, StringComparison.Ordinal))];
        if (ofTopic.Where(position => position.Partition == place.Partition.Value).MaxBy(static position => position.Topic.Length * 1000L + position.Topic[^1]) is { } known)
        {
            return (known.Topic, known.NextOffset, false);
        }

        // A partition that was added later: all of it is new.
        string start = ofTopic.Length > 0 ? "earliest" : _topics.Start;
        if (long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out long offset))
        {
            return (identity, offset, true);
        }

        WatermarkOffsets has = consumer.QueryWatermarkOffsets(place, answer);
        if (KafkaTopics.TryTime(start, out DateTimeOffset time))
        {
            Offset at = consumer.OffsetsForTimes([new TopicPartitionTimestamp(place, new Timestamp(time.UtcDateTime))], answer)[0].Offset;
            return (identity, at == Offset.End ? has.High : at, true);
        }

        return (identity, start == "latest" ? has.High : has.Low, true);
    }
}
