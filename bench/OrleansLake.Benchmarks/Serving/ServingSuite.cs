using System.Diagnostics;
using System.Globalization;
using OrleansLake.Benchmarks.Durability;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Serving;

/// <summary>Measures what <c>lake serve</c> does over HTTP, the built command in a process of its own.</summary>
internal static class ServingSuite
{
    private const int Batch = 500;
    private const double HalfRate = 250_000;
    private const double LiveRate = 10_000;
    private const int LiveBatch = 100;
    private const int Watchers = 1000;
    private const string OneRow = "/v1/reports/report1?date=2024-11-18&channel=SMS";
    private const string WholeReport = "/v1/reports/report1";

    // Two triggers and more, whatever was asked for.
    private static readonly TimeSpan FreshnessMin = TimeSpan.FromSeconds(15);

    public static int Run(int seconds)
    {
        var time = TimeSpan.FromSeconds(seconds);
        string root = Directory.CreateTempSubdirectory("serving-").FullName;
        try
        {
            string script = Path.Combine(Fixtures.Root, "bench", "OrleansLake.Benchmarks", "Serving", "single.lua");
            var lines = new DurabilityLines(Path.Combine(root, "messages.ndjson"), 500_000);
            var report = new ServingReport(seconds);
            using (var lake = new ServedLake(Path.Combine(root, "lake")))
            {
                report.Memory("started, an empty lake", lake.ResidentMegabytes);
                Single(report, lake, script, time);
            }

            using (var lake = new ServedLake(Path.Combine(root, "lake")))
            {
                Fill(report, lake, lines);
                var live = new SentBatches(lines, LiveBatch, firstRound: 1);
                Reads(report, lake, live, time);
                Freshness(report, lake, live, time > FreshnessMin ? time : FreshnessMin);
                Crowd(report, lake, live, time);
            }

            using (var lake = new ServedLake(Path.Combine(root, "lake")))
            {
                Batches(report, lake, lines, time);
            }

            string path = Path.Combine(Fixtures.Root, "bench", "SERVING.md");
            File.WriteAllText(path, report.ToString());
            Console.Write(report);
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Single(ServingReport report, ServedLake lake, string script, TimeSpan time)
    {
        var url = new Uri(lake.Address, "/v1/messages");

        // The first that the process does: its code is still being compiled.
        WrkRun.Of(url, 64, time * 2, "-s", script, "--", "0");
        double before = lake.ProcessorSeconds;
        WrkRun wrk = WrkRun.Of(url, 64, time, "-s", script, "--", "1");
        report.Ingest("single messages, 64 connections", "wrk, single.lua", wrk.PerSecond, wrk.MedianMs, wrk.P99Ms, (lake.ProcessorSeconds - before) / wrk.Requests * 1e6);
    }

    private static void Batches(ServingReport report, ServedLake lake, DurabilityLines lines, TimeSpan time)
    {
        var load = new BatchLoad(lake.Address, new SentBatches(lines, Batch), 8);
        load.Run(time / 2);
        Row("batches of 500, 8 connections", null);
        Row(string.Create(CultureInfo.InvariantCulture, $"batches of 500, {HalfRate:N0} messages/s"), HalfRate);

        void Row(string what, double? rate)
        {
            Settle();
            double before = lake.ProcessorSeconds;
            long started = Stopwatch.GetTimestamp();
            (double perSecond, double[] ms) = load.Run(time, rate);
            double processor = lake.ProcessorSeconds - before;
            report.Ingest(what, "own, blocking sockets", perSecond, At(ms, 0.5), At(ms, 0.99), processor / (perSecond * Stopwatch.GetElapsedTime(started).TotalSeconds) * 1e6);
        }
    }

    private static void Fill(ServingReport report, ServedLake lake, DurabilityLines lines)
    {
        using (var connection = new HttpConnection(lake.Address))
        {
            var batches = new SentBatches(lines, Batch);
            byte[] body = new byte[batches.BytesMax];
            for (int sent = 0; sent < lines.Count; sent += Batch)
            {
                int bytes = batches.Take(body);
                connection.Send(HttpConnection.PostHead(lake.Address, bytes));
                connection.Send(body.AsSpan(0, bytes));
                connection.Receive();
            }
        }

        Settle();
        report.Memory("half a million messages later, ten seconds of rest", lake.ResidentMegabytes);
    }

    // Past the next trigger: the commit of what came before, and what it leaves to be collected, belong to nothing after it.
    private static void Settle() => Thread.Sleep(TimeSpan.FromSeconds(11));

    private static void Reads(ServingReport report, ServedLake lake, SentBatches live, TimeSpan time)
    {
        WrkRun.Of(new Uri(lake.Address, OneRow), 32, time / 2);
        Row("one row", OneRow);
        Row("the whole of report 1", WholeReport);
        WithLoad(lake, live, () =>
        {
            Row("one row, 10,000 messages/s coming in", OneRow);
            Row("the whole of report 1, 10,000 messages/s coming in", WholeReport);
            return 0;
        });

        void Row(string what, string path)
        {
            double before = lake.ProcessorSeconds;
            WrkRun wrk = WrkRun.Of(new Uri(lake.Address, path), 32, time);
            report.Read(what, wrk.PerSecond, wrk.MedianMs, wrk.P99Ms, (lake.ProcessorSeconds - before) / wrk.Requests * 1e6);
        }
    }

    private static void Freshness(ServingReport report, ServedLake lake, SentBatches live, TimeSpan time)
    {
        WithLoad(lake, live, () => FreshnessMeasure.Run(lake.Address, TimeSpan.FromSeconds(2), "warm"));
        FreshnessFigures figures = WithLoad(lake, live, () => FreshnessMeasure.Run(lake.Address, time, "measured"));
        report.Latency("from sending one message to 202: durable", figures.DurableMs);
        report.Latency("from sending one with `?wait=report` to 200: durable, and in the reports", figures.ShownMs);
        report.Latency("from the 202 to a read that shows it (`min_position`), the read included", figures.ReadMs);
        report.Latency("from the 202 to the event that a watcher gets", figures.PushedMs);
    }

    private static void Crowd(ServingReport report, ServedLake lake, SentBatches live, TimeSpan time)
    {
        double alone = Cores(lake, live, time);
        using var crowd = new WatcherCrowd(lake.Address, Watchers, "/v1/reports/report1/stream");
        Cores(lake, live, time / 2);
        long bytes = crowd.Bytes;
        long events = crowd.Events;
        double watched = Cores(lake, live, time);
        report.Watchers(Watchers, alone, watched, (crowd.Events - events) / (double)Watchers / time.TotalSeconds, (crowd.Bytes - bytes) / time.TotalSeconds / 1e6);
        report.Memory(string.Create(CultureInfo.InvariantCulture, $"{Watchers:N0} watchers"), lake.ResidentMegabytes);
    }

    private static double Cores(ServedLake lake, SentBatches live, TimeSpan time) => WithLoad(lake, live, () =>
    {
        double before = lake.ProcessorSeconds;
        Thread.Sleep(time);
        return (lake.ProcessorSeconds - before) / time.TotalSeconds;
    });

    // 10,000 messages a second in batches of 100, beside what is measured.
    private static T WithLoad<T>(ServedLake lake, SentBatches live, Func<T> measure)
    {
        using var stop = new CancellationTokenSource();
        Task load = Task.Run(() => new BatchLoad(lake.Address, live, 2).Run(TimeSpan.FromHours(1), LiveRate, stop.Token));
        T measured = measure();
        stop.Cancel();
        load.Wait();
        return measured;
    }

    private static double At(double[] sorted, double part) => sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * part)];
}
