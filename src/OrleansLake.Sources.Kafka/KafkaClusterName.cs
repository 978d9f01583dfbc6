using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;

namespace OrleansLake.Sources.Kafka;

/// <summary>
/// Finds the cluster's name in the identity of its topics, which is its id and not its address: brokers that move are read on, and two clusters are not
/// mistaken for one another.
/// </summary>
internal static class KafkaClusterName
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(3);

    /// <summary>Returns the name; empty where the cluster has none.</summary>
    /// <param name="topics">The topics.</param>
    /// <param name="admin">Asks the cluster.</param>
    /// <param name="known">The positions of the lake.</param>
    /// <param name="logger">Takes that it has none.</param>
    /// <exception cref="KafkaException">It does not say its id, but has said it before.</exception>
    internal static string Find(KafkaTopics topics, IAdminClient admin, IReadOnlyList<TopicPosition> known, ILogger logger)
    {
        if (topics.Cluster is { } named)
        {
            return named;
        }

        bool isNameless = known.Any(static position => position.Topic.StartsWith("kafka::", StringComparison.Ordinal));
        try
        {
            string id = admin.DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = Answer }).GetAwaiter().GetResult().ClusterId;

            // What was begun without the cluster's id goes on without it.
            return isNameless ? "" : id;
        }
        catch (KafkaException e)
        {
            if (!isNameless && known.Any(static position => position.Topic.StartsWith("kafka:", StringComparison.Ordinal)))
            {
                throw;
            }

            logger.ClusterUnknown(string.Join(",", topics.Brokers), e.Error.Reason.TrimEnd('.'));
            return "";
        }
    }
}
