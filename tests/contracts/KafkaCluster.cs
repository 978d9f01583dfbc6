using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace OrleansLake.Contracts;

/// <summary>
/// librdkafka's own cluster, which speaks Kafka's protocol over TCP. Topics have four partitions, each keeps its newest 5 MiB, and the cluster has no
/// id.
/// </summary>
internal sealed class KafkaCluster : IDisposable
{
    private static readonly int[] AllBrokers = [1, 2, 3];

    private readonly IProducer<byte[]?, byte[]?> _producer;

    /// <param name="lingerMs">The time for which records are gathered, in ms: a reader gets those that were published together at once, and one after the other else.</param>
    internal KafkaCluster(int lingerMs = 0)
    {
        var config = new ProducerConfig { BootstrapServers = "localhost:1", LingerMs = lingerMs };
        config.Set("test.mock.num.brokers", "3");
        _producer = new ProducerBuilder<byte[]?, byte[]?>(config).SetLogHandler(static (_, _) => { }).Build();
        using IAdminClient admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        Brokers = string.Join(",", admin.GetMetadata(TimeSpan.FromSeconds(30)).Brokers.Select(broker => string.Create(CultureInfo.InvariantCulture, $"{broker.Host}:{broker.Port}")));
    }

    internal string Brokers { get; }

    /// <summary>Gets what else it can do.</summary>
    internal KafkaControl Control => field ??= new KafkaControl(_producer.Handle);

    /// <summary>Closes all connections and takes no new ones.</summary>
    internal void SetDown() => Array.ForEach(AllBrokers, Control.SetDown);

    /// <summary>Answers again, with what it had.</summary>
    internal void SetUp() => Array.ForEach(AllBrokers, Control.SetUp);

    internal string Address(string topics, string parameters = "") => $"kafka://{Brokers}/{topics}?{parameters}";

    /// <summary>Publishes records, and returns once the cluster has them.</summary>
    internal void Publish(string topic, int partition, params string?[] values)
    {
        foreach (string? value in values)
        {
            Publish(topic, partition, new Message<byte[]?, byte[]?> { Value = value is null ? null : Encoding.UTF8.GetBytes(value) });
        }

        Flush();
    }

    internal void Publish(string topic, int partition, Message<byte[]?, byte[]?> record) =>
        _producer.Produce(new TopicPartition(topic, partition), record, static report =>
        {
            if (report.Error.IsError)
            {
                throw new KafkaException(report.Error);
            }
        });

    /// <summary>Returns all records of a topic; none if there is no such topic.</summary>
    internal List<Message<byte[], byte[]?>> Read(string topic)
    {
        using IAdminClient admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        TopicMetadata metadata = admin.GetMetadata(topic, TimeSpan.FromSeconds(30)).Topics.Single();
        var config = new ConsumerConfig { BootstrapServers = Brokers, GroupId = "reader", EnablePartitionEof = true, AutoOffsetReset = AutoOffsetReset.Earliest };
        using IConsumer<byte[], byte[]?> consumer = new ConsumerBuilder<byte[], byte[]?>(config).SetLogHandler(static (_, _) => { }).Build();
        consumer.Assign(metadata.Partitions.Select(partition => new TopicPartitionOffset(topic, partition.PartitionId, Offset.Beginning)));
        var records = new List<Message<byte[], byte[]?>>();
        for (int left = metadata.Partitions.Count; left > 0;)
        {
            ConsumeResult<byte[], byte[]?> read = consumer.Consume(TimeSpan.FromSeconds(30));
            if (read.IsPartitionEOF)
            {
                left--;
            }
            else
            {
                records.Add(read.Message);
            }
        }

        return records;
    }

    internal void Flush()
    {
        if (_producer.Flush(TimeSpan.FromSeconds(60)) is > 0 and int left)
        {
            throw new TimeoutException($"{left} records were not published in a minute");
        }
    }

    public void Dispose() => _producer.Dispose();
}
