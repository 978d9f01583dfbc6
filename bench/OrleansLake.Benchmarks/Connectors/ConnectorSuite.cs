using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OrleansLake.Benchmarks.Comparing;
using OrleansLake.Benchmarks.Serving;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Connectors;

/// <summary>Measures what comes from brokers and what goes to databases, each beside the bare client of the same broker or database, in one run.</summary>
internal static class ConnectorSuite
{
    // The broker keeps 5 MiB of a partition.
    private const int Partitions = 60;
    private const int Rounds = 5;

    internal static int Run(int messages)
    {
        string root = Directory.CreateTempSubdirectory("connectors-").FullName;
        string load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        try
        {
            string file = Path.Combine(root, "messages.ndjson");
            (double bare, double lake) = Throughput(root, file, messages);
            double[] freshness = KafkaFreshness.Run(root, file);
            string report = string.Create(CultureInfo.InvariantCulture, $"""
                # From brokers, beside their bare clients

                librdkafka's own cluster in a process of its own, a topic of {Partitions} partitions with {messages:N0} messages of `lake produce --profile bench`, which a consumer of Confluent.Kafka
                that only counts reads in turn with the built `lake serve --source kafka://...` over a new lake, with fsync. The time goes from a tenth of the records to all of them: counted, or
                acknowledged as durable. All of them share {Environment.ProcessorCount} cores, whose load was {load} before; the middle one of {Rounds} rounds.

                | Kafka | records/s | of the bare consumer |
                |---|---:|---:|
                | a bare consumer | {bare:N0} | |
                | into bronze | {lake:N0} | {lake / bare:F2} (goal 0.6) |

                At {KafkaFreshness.Rate:N0} records/s, for {KafkaFreshness.Time.TotalSeconds:0} s after a warming up: from handing a record to its producer to the event of the stream that shows it in report 2. This
                broker answers a fetch that finds nothing only when its time is over (`fetch.wait.max.ms`, here 5 instead of 500), whatever comes meanwhile; a real one answers at once.

                | times | median ms | p99 ms | greatest ms |
                |---:|---:|---:|---:|
                | {freshness.Length:N0} | {At(freshness, 0.5):F2} | {At(freshness, 0.99):F2} (goal 20) | {freshness[^1]:F2} |

                Again: `dotnet run -c Release --project bench/OrleansLake.Benchmarks -- connectors --messages {messages}`

                """);
            File.WriteAllText(Path.Combine(Fixtures.Root, "bench", "CONNECTORS.md"), report);
            Console.Write(report);
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static (double Bare, double Lake) Throughput(string root, string file, int messages)
    {
        using var broker = new KafkaBroker(file, messages, Partitions);
        var bare = new List<double>();
        var lake = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            MeasuredProcess.Run(
                OwnProcess.Start(CountJob.Name, broker.Brokers, messages.ToString(CultureInfo.InvariantCulture), Partitions.ToString(CultureInfo.InvariantCulture)), out string seconds);
            bare.Add(messages * 0.9 / double.Parse(seconds, CultureInfo.InvariantCulture));
            lake.Add(Ingest(Path.Combine(root, "lake"), broker.Brokers, messages));
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: bare {bare[^1]:N0}/s, into bronze {lake[^1]:N0}/s"));
        }

        return (Median.Of(bare), Median.Of(lake));
    }

    private static double Ingest(string folder, string brokers, int messages)
    {
        using var lake = new ServedLake(folder, "--source", $"kafka://{brokers}/{BrokerJob.Topic}?cluster=bench");
        using var http = new HttpClient { BaseAddress = lake.Address };
        (long Stored, long At) began = default;
        while (true)
        {
            using JsonDocument ledger = JsonDocument.Parse(http.GetStringAsync("/v1/ledger").GetAwaiter().GetResult());
            long stored = ledger.RootElement.GetProperty("total").GetProperty("bronze").GetInt64();
            if (began.At == 0 && stored >= messages / 10)
            {
                began = (stored, Stopwatch.GetTimestamp());
            }

            if (stored == messages)
            {
                return (stored - began.Stored) / Stopwatch.GetElapsedTime(began.At).TotalSeconds;
            }

            Thread.Sleep(2);
        }
    }

    private static double At(double[] sorted, double share) => sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];
}
