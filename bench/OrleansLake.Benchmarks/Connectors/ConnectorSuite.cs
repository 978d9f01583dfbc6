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
            (double bare, double tuned, double lake) = Throughput(root, file, messages);
            double[] freshness = KafkaFreshness.OfLake(root, file);
            double[] bareFreshness = KafkaFreshness.OfConsumer(file);
            string postgreSql = PostgreSqlOut.Run(root, file, Rounds) is not { } rows ? $"PostgreSQL out was not measured: it {PostgreSqlServer.MissingBecause}."
                : string.Create(CultureInfo.InvariantCulture, $"""
                | PostgreSQL | rows/s | of it |
                |---|---:|---:|
                | a bare COPY | {rows.Bare:N0} | |
                | a sink that begins | {rows.Lake:N0} | {rows.Lake / rows.Bare:F2} (goal 0.5) |

                {rows.Count:N0} rows of report 2 in its long form, with both indexes: from the connection to the commit, and a COPY of the same rows, as bytes that are ready, into a table like it.
                """);
            string report = string.Create(CultureInfo.InvariantCulture, $"""
                # From brokers, beside their bare clients

                librdkafka's own cluster in a process of its own, a topic of {Partitions} partitions with {messages:N0} messages of `lake produce --profile bench`, which a consumer of Confluent.Kafka
                that only counts, as it is by itself and with the lake's `fetch.queue.backoff.ms`, reads in turn with the built `lake serve --source kafka://...` over a new lake, with
                fsync. By itself librdkafka fetches nothing for a second when 100,000 records wait, of all partitions together. The time goes from a tenth of the records to all of them: counted, or
                acknowledged as durable. All of them share {Environment.ProcessorCount} cores, whose load was {load} before; the middle one of {Rounds} rounds.

                | Kafka | records/s | into bronze, of it |
                |---|---:|---:|
                | a bare consumer | {bare:N0} | {lake / bare:F2} (goal 0.6) |
                | a bare consumer with that setting | {tuned:N0} | {lake / tuned:F2} |
                | into bronze | {lake:N0} | |

                At {KafkaFreshness.Rate:N0} records/s, for {KafkaFreshness.Time.TotalSeconds:0} s after a warming up: from handing a record to its producer to the event of the stream that shows it in report 2;
                and to a bare consumer of the same topic that has it, which is what the broker, its clients and the machine take of it. This broker answers a fetch that finds nothing only when its time is over (`fetch.wait.max.ms`, here 5 instead of 500), whatever comes meanwhile; a real one answers at once.

                | | times | median ms | p99 ms | greatest ms |
                |---|---:|---:|---:|---:|
                | in the report | {freshness.Length:N0} | {At(freshness, 0.5):F2} | {At(freshness, 0.99):F2} (goal 20) | {freshness[^1]:F2} |
                | at a bare consumer | {bareFreshness.Length:N0} | {At(bareFreshness, 0.5):F2} | {At(bareFreshness, 0.99):F2} | {bareFreshness[^1]:F2} |

                {postgreSql}

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

    private static (double Bare, double Tuned, double Lake) Throughput(string root, string file, int messages)
    {
        using var broker = new KafkaBroker(file, messages, Partitions);
        var bare = new List<double>();
        var tuned = new List<double>();
        var lake = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            bare.Add(Count(broker.Brokers, messages, ""));
            tuned.Add(Count(broker.Brokers, messages, CountJob.Tuned));
            lake.Add(Ingest(Path.Combine(root, "lake"), broker.Brokers, messages));
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round + 1}: bare {bare[^1]:N0}/s, tuned {tuned[^1]:N0}/s, into bronze {lake[^1]:N0}/s"));
        }

        return (Median.Of(bare), Median.Of(tuned), Median.Of(lake));
    }

    private static double Count(string brokers, int messages, string settings)
    {
        MeasuredProcess.Run(
            OwnProcess.Start(CountJob.Name, brokers, messages.ToString(CultureInfo.InvariantCulture), Partitions.ToString(CultureInfo.InvariantCulture), settings), out string seconds);
        return messages * 0.9 / double.Parse(seconds, CultureInfo.InvariantCulture);
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

            Thread.Sleep(10);
        }
    }

    private static double At(double[] sorted, double share) => sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];
}
