using System.Diagnostics;
using System.Globalization;
using OrleansLake.Cluster.Benchmarks;
using OrleansLake.Grains;
using OrleansLake.Grains.Wire;

// Usage: [messages] [--out FILE] [--parts PART,...]. A part is a kind of deduplication with a number of silos (KeyRanges-2), reads or
// kill. All of it in one run without; bench/CLUSTER.md is what that wrote last on a quiet machine.
const int Partitions = 4;
const int SilosMax = 2;
const int KeyRangesTimes = 5;
int messages = args.Length > 0 && int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 400_000;
int output = Array.IndexOf(args, "--out");
string path = output >= 0 && output + 1 < args.Length ? args[output + 1] : Path.Combine("bench", "CLUSTER.md");
int listed = Array.IndexOf(args, "--parts");
string[]? parts = listed >= 0 && listed + 1 < args.Length ? args[listed + 1].Split(',') : null;
var figures = new Figures();
IReadOnlyList<byte[]> warmUp = MessageBodies.Of(20_000, seed: 2);

var memory = new List<string[]>();
var processor = new List<string[]>();
figures.Title("Messages per second", "deduplication", "silos", "new keys", "known keys");
foreach (DeduplicationKind kind in new[] { DeduplicationKind.KeyRanges, DeduplicationKind.MessageGrains })
{
    List<int> asked = [.. Enumerable.Range(1, SilosMax).Where(silos => IsAsked($"{kind}-{silos}"))];
    if (asked.Count == 0)
    {
        continue;
    }

    // What takes seconds with grains is over with key ranges before its code is compiled.
    int count = kind == DeduplicationKind.KeyRanges ? KeyRangesTimes * messages : messages;
    IReadOnlyList<byte[]> fresh = MessageBodies.Of(count, seed: 1);
    IReadOnlyList<byte[]> again = MessageBodies.Of(count, seed: 1, minutesEarlier: 1);
    foreach (int silos in asked)
    {
        await using RunningCluster cluster = await RunningCluster.StartAsync(silos, Partitions, kind);
        await Sending.AllAsync(cluster, warmUp);
        long before = cluster.MemoryBytes;
        TimeSpan started = cluster.ProcessorTime;
        double newKeys = await Sending.RateAsync(cluster, fresh, count);
        TimeSpan between = cluster.ProcessorTime;
        memory.Add([kind.ToString(), $"{silos}", $"{(cluster.MemoryBytes - before) / count:N0}"]);
        double known = await Sending.RateAsync(cluster, again, count);
        processor.Add([kind.ToString(), $"{silos}", PerMessage(between - started), PerMessage(cluster.ProcessorTime - between)]);
        figures.Row(kind.ToString(), $"{silos}", Figures.Rate(newKeys), Figures.Rate(known));

        string PerMessage(TimeSpan taken) => (taken.TotalMicroseconds / count).ToString("N2", CultureInfo.InvariantCulture);
    }
}

figures.Title("Processor time of the silos for a message, in microseconds", "deduplication", "silos", "new keys", "known keys");
processor.ForEach(row => figures.Row(row));

figures.Title("Bytes per key: what the silos' working sets grew by, garbage and the newest messages included", "deduplication", "silos", "bytes");
memory.ForEach(row => figures.Row(row));

if (IsAsked("reads"))
{
    figures.Title("Reading while 20,000 messages a second come in, key ranges, 2 silos", "read", "median", "p99");
    await using (RunningCluster cluster = await RunningCluster.StartAsync(2, Partitions, DeduplicationKind.KeyRanges))
    {
        await Sending.AllAsync(cluster, warmUp);
        using var stop = new CancellationTokenSource();
        Task load = LoadAsync(cluster, 20_000, stop.Token);
        IChannelDayGrain row = cluster.Grains.GetChannelDay(new DateOnly(2024, 12, 17), "CHAT");
        await MeasureAsync("a row of report 1", () => row.GetAsync());
        await MeasureAsync("report 1, whole", () => cluster.Gateway.GetReportAsync("report1"));
        await MeasureAsync("report 2, the 10 most active of 200,000 users", () => cluster.Gateway.GetReportsAsync([new ReportRequest("report2", 10)]));
        await stop.CancelAsync();
        await load;
    }
}

if (IsAsked("kill"))
{
    figures.Title("A silo of two is killed (probes every 5 s, as by default)", "until", "seconds");
    await using (RunningCluster cluster = await RunningCluster.StartAsync(2, Partitions, DeduplicationKind.KeyRanges))
    {
        await Sending.AllAsync(cluster, warmUp);
        await cluster.KillLastAsync();
        long killed = Stopwatch.GetTimestamp();
        await Sending.SendAsync(cluster, warmUp[0]);
        figures.Row("a write to every partition is acknowledged", $"{Stopwatch.GetElapsedTime(killed).TotalSeconds:N1}");
    }
}

if (parts is null || output >= 0)
{
    figures.Write(path, messages);
    Console.WriteLine($"\nwritten to {path}");
}

bool IsAsked(string part) => parts is null || parts.Contains(part, StringComparer.OrdinalIgnoreCase);

async Task MeasureAsync(string name, Func<Task> read)
{
    const int Reads = 500;
    var times = new double[Reads];
    for (int i = -20; i < Reads; i++)
    {
        long started = Stopwatch.GetTimestamp();
        await Retries.RunAsync(read);
        if (i >= 0)
        {
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
    }

    Array.Sort(times);
    figures.Row(name, Figures.Ms(times[Reads / 2]), Figures.Ms(times[Reads * 99 / 100]));
}

static async Task LoadAsync(RunningCluster cluster, int perSecond, CancellationToken stop)
{
    long started = Stopwatch.GetTimestamp();
    IReadOnlyList<byte[]> bodies = MessageBodies.Of(perSecond, seed: 3);
    for (int sent = 0; !stop.IsCancellationRequested; sent++)
    {
        await Sending.SendAsync(cluster, bodies[sent % bodies.Count]);
        TimeSpan ahead = TimeSpan.FromSeconds((sent + 1.0) * MessageBodies.LinesPerBody / perSecond) - Stopwatch.GetElapsedTime(started);
        if (ahead > TimeSpan.Zero)
        {
            await Task.Delay(ahead, CancellationToken.None);
        }
    }
}
