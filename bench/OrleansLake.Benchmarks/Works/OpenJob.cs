using System.Diagnostics;
using OrleansLake.Benchmarks.Comparing;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;

namespace OrleansLake.Benchmarks.Works;

/// <summary>Opens a lake in a process of its own: its keys, the live bytes of its state, the seconds until it had it.</summary>
internal static class OpenJob
{
    public static async Task<int> RunAsync(string folder)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long started = Stopwatch.GetTimestamp();
        await using Lake lake = await Lake.OpenAsync(new LakeOptions { Path = folder, IsDurable = false }).ConfigureAwait(false);
        _ = lake.Report(LakeReports.All[0]);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(string.Create(Results.Plain, $"{lake.Status.Keys} {bytes} {seconds:F3}"));
        return 0;
    }
}
