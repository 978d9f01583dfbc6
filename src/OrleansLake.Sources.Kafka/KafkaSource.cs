using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Core.Time;
using OrleansLake.Server;

namespace OrleansLake.Sources.Kafka;

/// <summary>
/// Reads topics of a Kafka cluster. Which partitions are read, and from where, is decided here and stored in the lake, with the rows: no consumer
/// group takes part, so nothing is read twice because a group was balanced again.
/// </summary>
internal sealed class KafkaSource(
    KafkaTopics topics, ITopicLake lake, ILakeClient client, LakeMetrics metrics, TimeProvider clock, ILogger<KafkaSource> logger) : BackgroundService
{
    private static readonly Backoff Rests = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

    private readonly RepeatedLine _lost = new(clock);
    private ConsumerConfig _config = new();

    /// <inheritdoc/>
    /// <exception cref="ServeSettingsException">A setting cannot be used, or the lake has no mapping of the name that the address gives.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _config = ConfigOf(topics);
        try
        {
            // Settings that librdkafka does not know are found when a client is made; it connects to nothing yet.
            NewConsumer(static _ => { }).Dispose();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new ServeSettingsException($"{topics} cannot be read: {e.Message.Split('\n')[0].TrimEnd('.')}.");
        }

        if (await SourceMapping.FaultAsync(client, topics.Mapping, topics, cancellationToken).ConfigureAwait(false) is { } fault)
        {
            throw new ServeSettingsException(fault);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stop)
    {
        for (int failures = 0; !stop.IsCancellationRequested;)
        {
            try
            {
                using IConsumer<byte[]?, byte[]?> consumer = NewConsumer(Lost);
                using var reading = new KafkaReading(topics, consumer, new KafkaStore(topics, lake, metrics, clock, logger), metrics, clock, logger, _lost);
                reading.Run(stop);
            }
#pragma warning disable CA1031 // Brokers go and come back, and so does a lake; what is not stored is read again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Lost(e is KafkaException kafka ? kafka.Error : new Error(ErrorCode.Unknown, e.Message));
                stop.WaitHandle.WaitOne(Rests.After(++failures));
            }
        }
    }

    private void Lost(Error error)
    {
        string reason = KafkaFailure.Describe(error, topics);
        if (_lost.IsDue(reason))
        {
            logger.TopicsLost(topics, reason);
        }
    }

    private IConsumer<byte[]?, byte[]?> NewConsumer(Action<Error> failed) => new ConsumerBuilder<byte[]?, byte[]?>(_config)
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
        return new ConsumerConfig(settings)
        {
            BootstrapServers = string.Join(",", topics.Brokers),

            // It names no group that is joined: partitions are assigned by the source.
            GroupId = topics.Group ?? "orleanslake",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,

            // Where the lake's position is gone, the source says what to do, and nobody else.
            AutoOffsetReset = AutoOffsetReset.Error,
            EnablePartitionEof = true,
            MaxPollIntervalMs = 86_400_000,
        };
    }
}
