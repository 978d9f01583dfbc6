using System.Diagnostics;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;

namespace OrleansLake.Benchmarks.Durability;

/// <summary>Measures how long a lake takes from opening to its first report, and what its state takes in memory.</summary>
internal static class RecoveryMeasure
{
    /// <summary>Opening and the first report of a lake whose messages are published, and of one whose wait in the log.</summary>
    public static RecoveryFigures Run(string folder, DurabilityLines lines, int messages)
    {
        double inLog = 0;
        double published = 0;
        double stateBytes = 0;
        long keys = 0;
        WithLake(folder, lake =>
        {
            using var stream = new MemoryStream(lines.Batch(0, messages).ToArray());
            lake.IngestAsync(new IngestInput(stream), new IngestOptions()).GetAwaiter().GetResult();
        });
        inLog = OpenAndReport(folder, lake => lake.CommitAsync().GetAwaiter().GetResult());
        long before = GC.GetTotalMemory(forceFullCollection: true);
        published = OpenAndReport(folder, lake =>
        {
            keys = lake.Status.Keys;
            stateBytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        });
        Directory.Delete(folder, recursive: true);
        return new RecoveryFigures(messages, keys, inLog, published, stateBytes / Math.Max(1, keys));
    }

    private static double OpenAndReport(string folder, Action<Lake> after)
    {
        double seconds = 0;
        long started = Stopwatch.GetTimestamp();
        WithLake(folder, lake =>
        {
            lake.Report(LakeReports.All[0]);
            seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            after(lake);
        });
        return seconds;
    }

    private static void WithLake(string folder, Action<Lake> work)
    {
        Lake lake = Lake.OpenAsync(new LakeOptions { Path = folder, Create = true }).GetAwaiter().GetResult();
        try
        {
            work(lake);
        }
        finally
        {
            lake.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
