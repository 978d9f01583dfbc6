using Confluent.Kafka;
using OrleansLake.Benchmarks.Durability;
using OrleansLake.Contracts;

namespace OrleansLake.Benchmarks.Connectors;

/// <summary>librdkafka's own cluster as a process, with a topic that holds messages. Says where it is, and ends when its input does.</summary>
internal static class BrokerJob
{
    internal const string Name = "broker-job";
    internal const string Topic = "messages";

    internal static int Run(string file, int messages, int partitions)
    {
        // It gives one batch of a partition to a fetch, where a real broker gives a megabyte: batches are made large.
        using var cluster = new KafkaCluster(lingerMs: 1000);
        cluster.Control.CreateTopic(Topic, partitions);
        if (messages > 0)
        {
            Publish(cluster, new DurabilityLines(file, messages), partitions);
        }

        Console.Out.WriteLine(cluster.Brokers);
        Console.Out.Flush();
        Console.In.ReadToEnd();
        return 0;
    }

    private static void Publish(KafkaCluster cluster, DurabilityLines lines, int partitions)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            cluster.Publish(Topic, i % partitions, new Message<byte[]?, byte[]?> { Value = lines.Batch(i, 1).ToArray() });
            if (i % 100_000 == 99_999)
            {
                cluster.Flush();
            }
        }

        cluster.Flush();
    }
}
