using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using OrleansLake.Benchmarks.Durability;
using OrleansLake.Benchmarks.Serving;
using OrleansLake.Client;
using OrleansLake.Core.Reports;

namespace OrleansLake.Benchmarks.Connectors;

/// <summary>
/// Measures how long it takes from handing a record to a producer until the stream of a report shows it, while others come; and until a bare consumer
/// has it, which is the part that the broker, its clients and the machine have in it.
/// </summary>
internal static class KafkaFreshness
{
    internal const int Rate = 50_000;

    private const int Partitions = 12;
    private const int User = 77_777_777;
    private const int FetchWaitMs = 5;

    private static readonly byte[] Key = [1];

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    internal static TimeSpan Time { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Returns the times in ms until the stream shows it, in order.</summary>
    internal static double[] OfLake(string root, string file)
    {
        using var broker = new KafkaBroker(file, 0, Partitions);
        using var lake = new ServedLake(Path.Combine(root, "lake"), "--source", $"kafka://{broker.Brokers}/{BrokerJob.Topic}?cluster=bench&fetch.wait.max.ms={FetchWaitMs}");
        return Run(broker, file, (shown, stop) => WatchAsync(lake.Address, shown, stop));
    }

    /// <summary>Returns the times in ms until a bare consumer has it, in order.</summary>
    internal static double[] OfConsumer(string file)
    {
        using var broker = new KafkaBroker(file, 0, Partitions);
        return Run(broker, file, (shown, stop) => Task.Factory.StartNew(() => Consume(broker.Brokers, shown, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    private static double[] Run(KafkaBroker broker, string file, Func<ConcurrentQueue<(long Total, long At)>, CancellationToken, Task> watch)
    {
        var lines = new DurabilityLines(file, (int)((WarmUp + Time).TotalSeconds * Rate) + 1000);
        using var stop = new CancellationTokenSource();
        var shown = new ConcurrentQueue<(long Total, long At)>();
        Task watching = watch(shown, stop.Token);
        var load = new Thread(() => Load(broker.Brokers, lines, stop.Token)) { IsBackground = true };
        load.Start();
        Thread.Sleep(WarmUp);
        List<long> sent = Send(broker.Brokers);
        Thread.Sleep(TimeSpan.FromSeconds(2));
        stop.Cancel();
        load.Join();
        watching.GetAwaiter().GetResult();
        return [.. TimesOf(sent, [.. shown]).Order()];
    }

    // Their number, by the key that these have alone.
    private static void Consume(string brokers, ConcurrentQueue<(long Total, long At)> shown, CancellationToken stop)
    {
        var config = new ConsumerConfig { BootstrapServers = brokers, GroupId = "count", EnableAutoCommit = false, EnableAutoOffsetStore = false, FetchWaitMaxMs = FetchWaitMs, SocketNagleDisable = true };
        using IConsumer<byte[]?, byte[]?> consumer = new ConsumerBuilder<byte[]?, byte[]?>(config).SetLogHandler(static (_, _) => { }).Build();
        consumer.Assign(Enumerable.Range(0, Partitions).Select(static partition => new TopicPartitionOffset(BrokerJob.Topic, partition, Offset.Beginning)));
        for (int total = 0; !stop.IsCancellationRequested;)
        {
            if (consumer.Consume(100) is { Message.Key: not null })
            {
                shown.Enqueue((++total, Stopwatch.GetTimestamp()));
            }
        }

        consumer.Close();
    }

    private static IEnumerable<double> TimesOf(List<long> sent, (long Total, long At)[] shown)
    {
        int next = 0;
        for (int i = 0; i < sent.Count; i++)
        {
            while (next < shown.Length && shown[next].Total <= i)
            {
                next++;
            }

            yield return next < shown.Length ? Stopwatch.GetElapsedTime(sent[i], shown[next].At).TotalMilliseconds : throw new InvalidOperationException($"message {i} of {sent.Count} was never shown");
        }
    }

    private static List<long> Send(string brokers)
    {
        using IProducer<byte[]?, byte[]> producer = New(brokers, 0);

        // It finds the brokers before that is measured.
        producer.Produce(new TopicPartition(BrokerJob.Topic, 0), new Message<byte[]?, byte[]> { Value = "{}"u8.ToArray() });
        producer.Flush();
        var sent = new List<long>();
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Time)
        {
            Thread.Sleep(Pause);
            byte[] value = Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{{\"timestamp\":\"2024-11-15T12:00:00Z\",\"event_type\":\"SENT\",\"message_id\":\"fresh-{sent.Count}\",\"channel\":\"SMS\",\"user_id\":{User}}}"));
            sent.Add(Stopwatch.GetTimestamp());
            producer.Produce(new TopicPartition(BrokerJob.Topic, sent.Count % Partitions), new Message<byte[]?, byte[]> { Key = Key, Value = value });
        }

        producer.Flush();
        return sent;
    }

    private static void Load(string brokers, DurabilityLines lines, CancellationToken stop)
    {
        using IProducer<byte[]?, byte[]> producer = New(brokers, 5);
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; !stop.IsCancellationRequested; Thread.Sleep(1))
        {
            for (int due = Math.Min(lines.Count, (int)(Stopwatch.GetElapsedTime(began).TotalSeconds * Rate)); i < due; i++)
            {
                producer.Produce(new TopicPartition(BrokerJob.Topic, i % Partitions), new Message<byte[]?, byte[]> { Value = lines.Batch(i, 1).ToArray() });
            }
        }

        producer.Flush(CancellationToken.None);
    }

    private static async Task WatchAsync(Uri address, ConcurrentQueue<(long Total, long At)> shown, CancellationToken stop)
    {
        var options = new LakeHttpOptions { BaseAddress = address };
        using HttpClient http = HttpLakeClient.Configure(new HttpClient(), options);
        var client = new HttpLakeClient(http, options);
        var query = new LiveQuery { Reports = [new LiveReportQuery(LakeReports.Report2.Name, new ReportFilter { Users = [User] })] };
        try
        {
            await foreach (LiveUpdate update in client.WatchAsync(query, stop).ConfigureAwait(false))
            {
                long at = Stopwatch.GetTimestamp();
                long total = update switch { LiveSnapshot whole => whole.Snapshot.Table.GrandTotal, LiveDelta change => change.Rows.GrandTotal, _ => 0 };
                if (total > 0)
                {
                    shown.Enqueue((total, at));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    private static IProducer<byte[]?, byte[]> New(string brokers, int lingerMs) =>
        new ProducerBuilder<byte[]?, byte[]>(new ProducerConfig { BootstrapServers = brokers, LingerMs = lingerMs, SocketNagleDisable = true }).SetLogHandler(static (_, _) => { }).Build();
}
