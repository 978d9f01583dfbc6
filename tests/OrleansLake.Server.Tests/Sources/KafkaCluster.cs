using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace OrleansLake.Server.Tests.Sources;

/// <summary>
/// librdkafka's own cluster, which speaks Kafka's protocol over TCP. Topics have four partitions, each keeps its newest 5 MiB, and the cluster has no
/// id.
/// </summary>
internal sealed class KafkaCluster : IDisposable
{
    private readonly IProducer<byte[]?, byte[]?> _producer;

    internal KafkaCluster()
    {
        var config = new ProducerConfig { BootstrapServers = "localhost:1", LingerMs = 0 };
        config.Set("test.mock.num.brokers", "3");
        _producer = new ProducerBuilder<byte[]?, byte[]?>(config).SetLogHandler(static (_, _) => { }).Build();
        using IAdminClient admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        Brokers = string.Join(",", admin.GetMetadata(TimeSpan.FromSeconds(30)).Brokers.Select(broker => string.Create(CultureInfo.InvariantCulture, $"{broker.Host}:{broker.Port}")));
    }

    internal string Brokers { get; }

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
        _producer.Produce(new TopicPartition(topic, partition), record, report => Assert.False(report.Error.IsError, report.Error.Reason));

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

    internal void Flush() => Assert.Equal(0, _producer.Flush(TimeSpan.FromSeconds(60)));

    public void Dispose() => _producer.Dispose();
}
