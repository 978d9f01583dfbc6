using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using OrleansLake.Client;
using OrleansLake.Core.Reports;
using OrleansLake.Sources.Kafka;

namespace OrleansLake.Sinks.Kafka;

/// <summary>
/// Reports in compacted topics: a record for each row under the row's keys, a tombstone for one that is gone. Each step is a transaction of one
/// transactional id, so the brokers refuse what an earlier owner still sends; each record says its epoch and step besides.
/// </summary>
internal sealed class KafkaSink(KafkaReports reports) : IReportSink
{
    // No report has this name.
    private const string Ledger = "ledger";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, TopicContents> _contents = new(StringComparer.Ordinal);
    private IProducer<byte[], byte[]?>? _producer;
    private LiveStatus? _status;
    private long _epoch;

    /// <inheritdoc/>
    public string Name => $"kafka:{reports.Prefix}";

    /// <inheritdoc/>
    public IReadOnlyList<string> Reports => reports.Reports;

    /// <inheritdoc/>
    public override string ToString() => reports.ToString();

    /// <inheritdoc/>
    public Task<long> OpenAsync(IReadOnlyList<ReportDefinition> reports, CancellationToken cancellationToken) => OnThreadAsync(() => Open(reports, cancellationToken));

    /// <inheritdoc/>
    public Task WriteAsync(SinkStep changes, CancellationToken cancellationToken) => OnThreadAsync(() => Write(changes, cancellationToken));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _producer?.Dispose();
        _producer = null;
        return ValueTask.CompletedTask;
    }

    private long Open(IReadOnlyList<ReportDefinition> definitions, CancellationToken cancellationToken)
    {
        _producer?.Dispose();
        _producer = NewProducer();

        // From here on the brokers refuse earlier producers of the same id, so what is read next is all that they have written.
        _producer.InitTransactions(Patience);
        _contents.Clear();
        long newest = Read(Ledger, cancellationToken).NewestEpoch;
        foreach (ReportDefinition definition in definitions)
        {
            TopicContents contents = Read(definition.Name, cancellationToken);
            _contents.Add(definition.Name, contents);
            newest = Math.Max(newest, contents.NewestEpoch);
        }

        _epoch = newest + 1;
        using var sending = new RecordSending(_producer, _epoch, 0, cancellationToken);
        _producer.BeginTransaction();
        sending.SendLedger(reports.TopicOf(Ledger), null, null);
        sending.Finish();
        _producer.CommitTransaction(Patience);
        return _epoch;
    }

    private long Write(SinkStep changes, CancellationToken cancellationToken)
    {
        using var sending = new RecordSending(_producer!, _epoch, changes.Number, cancellationToken);
        _producer!.BeginTransaction();
        foreach (LiveUpdate update in changes.Updates)
        {
            if (update is LiveSnapshot whole)
            {
                string report = whole.Snapshot.Report;
                if (!_contents.Remove(report, out TopicContents? contents))
                {
                    // A whole report again, as its columns have changed.
                    contents = Read(report, cancellationToken);
                }

                sending.SendDifference(reports.TopicOf(report), contents, whole.Snapshot.Table);
            }
            else if (update is LiveDelta change)
            {
                string topic = reports.TopicOf(change.Report);
                sending.Send(topic, change.Rows);
                sending.Remove(topic, change.Removed);
            }
        }

        _status = changes.Updates.OfType<LiveStatus>().LastOrDefault() ?? _status;
        sending.SendLedger(reports.TopicOf(Ledger), changes, _status);
        sending.Finish();
        _producer.CommitTransaction(Patience);
        return 0;
    }

    private TopicContents Read(string report, CancellationToken cancellationToken)
    {
        string topic = reports.TopicOf(report);
        int[] partitions = PartitionsOf(topic);
        Dictionary<string, string> settings = Settings();
        settings.TryAdd("isolation.level", "read_committed");
        var config = new ConsumerConfig(settings)
        {
            BootstrapServers = string.Join(",", reports.Brokers),

            // It names no group that is joined.
            GroupId = "orleanslake",
            EnableAutoCommit = false,
            EnablePartitionEof = true,
            AutoOffsetReset = AutoOffsetReset.Earliest,
        };
        using IConsumer<byte[]?, byte[]?> consumer = new ConsumerBuilder<byte[]?, byte[]?>(config).SetLogHandler(static (_, _) => { }).Build();
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var contents = new TopicContents();
        for (int left = partitions.Length; left > 0;)
        {
            ConsumeResult<byte[]?, byte[]?> read = consumer.Consume(cancellationToken);
            if (read.IsPartitionEOF)
            {
                left--;
            }
            else
            {
                contents.Add(read.Message);
            }
        }

        consumer.Close();
        return contents;
    }

    private int[] PartitionsOf(string topic)
    {
        using IAdminClient admin = new DependentAdminClientBuilder(_producer!.Handle).Build();
        for (bool isCreated = false; ;)
        {
            TopicMetadata metadata = admin.GetMetadata(topic, Patience).Topics.Single(one => one.Topic == topic);
            if (metadata.Partitions.Count > 0)
            {
                return [.. metadata.Partitions.Select(static partition => partition.PartitionId)];
            }

            if (!isCreated)
            {
                isCreated = true;
                try
                {
                    admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = -1, ReplicationFactor = -1, Configs = new Dictionary<string, string> { ["cleanup.policy"] = "compact" } }])
                        .GetAwaiter().GetResult();
                }
                catch (CreateTopicsException e) when (e.Results.All(static result => result.Error.Code == ErrorCode.TopicAlreadyExists))
                {
                }
                catch (CreateTopicsException e)
                {
                    throw new SinkException($"the topic '{topic}' does not exist and cannot be created: {e.Results[0].Error.Reason}. Create it, with cleanup.policy=compact", e);
                }
            }

            Thread.Sleep(100);
        }
    }

    private IProducer<byte[], byte[]?> NewProducer()
    {
        Dictionary<string, string> settings = Settings();
        settings.TryAdd("client.id", "orleanslake");
        settings.TryAdd("linger.ms", "1");

        // As Java's clients choose a key's partition.
        settings.TryAdd("partitioner", "murmur2_random");
        var config = new ProducerConfig(settings) { BootstrapServers = string.Join(",", reports.Brokers), TransactionalId = $"orleanslake.{reports.Prefix}", EnableIdempotence = true };
        return new ProducerBuilder<byte[], byte[]?>(config).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
    }

    private Dictionary<string, string> Settings()
    {
        try
        {
            return reports.Address.ReadSettings();
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new SinkException($"the settings cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    // librdkafka's calls wait.
    private async Task<long> OnThreadAsync(Func<long> call)
    {
        try
        {
            return await Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        catch (KafkaException e) when (e.Error.Code is ErrorCode.Local_Fenced or ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch)
        {
            throw new SinkOwnershipException(string.Create(CultureInfo.InvariantCulture, $"another producer has the transactional id 'orleanslake.{reports.Prefix}', and this one is of epoch {_epoch}"));
        }
        catch (KafkaException e)
        {
            throw new SinkException(KafkaFailure.Describe(e.Error, reports.Address), e);
        }
    }
}
