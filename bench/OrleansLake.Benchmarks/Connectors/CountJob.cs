using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;

namespace OrleansLake.Benchmarks.Connectors;

/// <summary>
/// A bare consumer that only counts, as it is by itself or with the setting of librdkafka that the lake's source has: what reading a topic can be at
/// best. Prints the seconds from a tenth of the records to all of them.
/// </summary>
internal static class CountJob
{
    internal const string Name = "count-job";
    internal const string Tuned = "tuned";

    internal static int Run(string brokers, int messages, int partitions, bool isTuned)
    {
        var config = new ConsumerConfig { BootstrapServers = brokers, GroupId = "count", EnableAutoCommit = false, EnableAutoOffsetStore = false, FetchQueueBackoffMs = isTuned ? 10 : 1000 };
        using IConsumer<byte[]?, byte[]?> consumer = new ConsumerBuilder<byte[]?, byte[]?>(config).SetLogHandler(static (_, _) => { }).Build();
        consumer.Assign(Enumerable.Range(0, partitions).Select(static partition => new TopicPartitionOffset(BrokerJob.Topic, partition, Offset.Beginning)));
        int count = 0;
        long began = 0;
        while (count < messages)
        {
            if (consumer.Consume(TimeSpan.FromSeconds(30)) is null)
            {
                throw new TimeoutException($"{count} of {messages} records came");
            }

            if (++count == messages / 10)
            {
                began = Stopwatch.GetTimestamp();
            }
        }

        Console.WriteLine(Stopwatch.GetElapsedTime(began).TotalSeconds.ToString("R", CultureInfo.InvariantCulture));
        consumer.Close();
        return 0;
    }
}
