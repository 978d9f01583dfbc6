using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;
using OrleansLake.Server;

namespace OrleansLake.Sources.Kafka;

/// <summary>
/// Topics of a Kafka cluster. Their partitions are assigned by the lake: no consumer group takes part, so nothing is read twice because a group was
/// balanced again.
/// </summary>
internal sealed class KafkaSource : ITopicSource
{
    private readonly KafkaTopics _topics;
    private readonly ConsumerConfig _config;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    /// <exception cref="ServeSettingsException">A setting cannot be used.</exception>
    internal KafkaSource(KafkaTopics topics, string name, TimeProvider clock, ILogger logger)
    {
        _topics = topics;
        _clock = clock;
        _logger = logger;
        _config = ConfigOf(topics);
        Name = name;
        try
        {
            // Settings that librdkafka does not know are found when a client is made; it connects to nothing yet.
            NewConsumer(static _ => { }).Dispose();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new ServeSettingsException($"{topics} cannot be read: {e.Message.Split('\n')[0].TrimEnd('.')}.");
        }
    }

    public string Name { get; }

    public string? Mapping => _topics.Mapping;

    public bool SkipsGaps => _topics.SkipsGaps;

    public Task<ITopicReader> OpenAsync(IReadOnlyList<TopicPosition> known, Action<string> lost, CancellationToken cancellationToken) =>
        Task.FromResult<ITopicReader>(new KafkaReader(_topics, NewConsumer(error => lost(KafkaFailure.Describe(error, _topics))), known, lost, _clock, _logger));

    public override string ToString() => _topics.ToString();

    private IConsumer<ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?> NewConsumer(Action<Error> failed) => new ConsumerBuilder<ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?>(_config)
        .SetKeyDeserializer(new LentBytes())
        .SetValueDeserializer(new LentBytes())
        .SetErrorHandler((_, error) => failed(error))
        .SetLogHandler(static (_, _) => { })
        .Build();

    private static ConsumerConfig ConfigOf(KafkaTopics topics)
    {
        Dictionary<string, string> settings;
        try
        {
            settings = topics.ReadSettings();
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ServeSettingsException($"The settings of {topics} cannot be read: {e.Message.TrimEnd('.')}.");
        }

        settings.TryAdd("client.id", "orleanslake");
        settings.TryAdd("isolation.level", "read_committed");

        // When 100,000 records wait, of all partitions together, librdkafka fetches nothing for this time, by itself a second: then a reader that took
        // them in a tenth of it has nothing to do. 680,000 records/s are read with it where 147,000 were (bench/CONNECTORS.md).
        settings.TryAdd("fetch.queue.backoff.ms", "10");

        // Or a small request waits up to 40 ms for the acknowledgement of the one before it.
        settings.TryAdd("socket.nagle.disable", "true");
        return new ConsumerConfig(settings)
        {
            BootstrapServers = string.Join(",", topics.Brokers),

            // It names no group that is joined: partitions are assigned by the lake.
            GroupId = topics.Group ?? "orleanslake",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,

            // Where the lake's position is gone, the lake says what to do, and nobody else.
            AutoOffsetReset = AutoOffsetReset.Error,
            EnablePartitionEof = true,
            MaxPollIntervalMs = 86_400_000,
        };
    }
}
