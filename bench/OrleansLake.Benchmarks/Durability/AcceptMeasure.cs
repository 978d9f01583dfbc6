using System.Diagnostics;
using OrleansLake.Engine;

namespace OrleansLake.Benchmarks.Durability;

/// <summary>Measures how fast messages become durable through the library.</summary>
internal static class AcceptMeasure
{
    private const int BatchMessages = 5000;
    private const int Senders = 8;

    /// <summary>Wall and processor seconds in which all lines are sent in batches by some callers at once.</summary>
    public static (double Wall, double Cpu) Send(string folder, DurabilityLines lines, bool isDurable) => Measure(folder, isDurable, async lake =>
    {
        int next = -BatchMessages;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            int first;
            while ((first = Interlocked.Add(ref next, BatchMessages)) < lines.Count)
            {
                Require((await lake.SendAsync(lines.Batch(first, BatchMessages)).ConfigureAwait(false)).IsAcknowledged);
            }
        }))).ConfigureAwait(false);
    });

    /// <summary>The same as one stream.</summary>
    public static (double Wall, double Cpu) Ingest(string folder, DurabilityLines lines, bool isDurable) => Measure(folder, isDurable, async lake =>
    {
        using var stream = new MemoryStream(lines.Bytes);
        Require((await lake.IngestAsync(new IngestInput(stream), new IngestOptions()).ConfigureAwait(false)).Accepted == lines.Count);
    });

    /// <summary>Milliseconds from sending to acknowledgement of batches of 100 at a rate, while the pipeline runs: sorted.</summary>
    public static async Task<double[]> LatenciesAsync(string folder, DurabilityLines lines, double messagesPerSecond, TimeSpan time)
    {
        const int messages = 100;
        var milliseconds = new List<Task<double>>();
        using var stop = new CancellationTokenSource();
        await using (Lake lake = await Lake.OpenAsync(new LakeOptions { Path = folder, Create = true }).ConfigureAwait(false))
        {
            Task<RunSummary> run = lake.RunAsync(new RunOptions(), null, stop.Token);
            long started = Stopwatch.GetTimestamp();
            for (int i = 0; Stopwatch.GetElapsedTime(started) < time; i++)
            {
                // By the clock, not by the answers: a slow answer must not make the load lighter.
                double due = i * messages / messagesPerSecond;
                while (Stopwatch.GetElapsedTime(started).TotalSeconds < due)
                {
                    Thread.Sleep(1);
                }

                ReadOnlyMemory<byte> batch = lines.Batch((int)((long)i * messages % (lines.Count - messages)), messages);
                milliseconds.Add(Task.Run(async () =>
                {
                    long sent = Stopwatch.GetTimestamp();
                    Require((await lake.SendAsync(batch).ConfigureAwait(false)).IsAcknowledged);
                    return Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
                }));
            }

            await Task.WhenAll(milliseconds).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
            await run.ConfigureAwait(false);
        }

        Directory.Delete(folder, recursive: true);
        return [.. milliseconds.Select(static task => task.Result).Order()];
    }

    private static (double Wall, double Cpu) Measure(string folder, bool isDurable, Func<Lake, Task> work)
    {
        double wall, cpu;
        Lake lake = Lake.OpenAsync(new LakeOptions { Path = folder, Create = true, IsDurable = isDurable }).GetAwaiter().GetResult();
        try
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            Stopwatch watch = Stopwatch.StartNew();
            work(lake).GetAwaiter().GetResult();
            (wall, cpu) = (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        }
        finally
        {
            lake.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        Directory.Delete(folder, recursive: true);
        return (wall, cpu);
    }

    private static void Require(bool isRight)
    {
        if (!isRight)
        {
            throw new InvalidOperationException("not all messages were acknowledged");
        }
    }
}
