using System.Text;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using OrleansLake.Benchmarks.Comparing;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Micro;

/// <summary>The hot paths by BenchmarkDotNet, each beside what memory or its instructions allow. Writes bench/MICRO.md.</summary>
internal static class MicroSuite
{
    private static readonly Type[] Benchmarks =
        [typeof(Copy), typeof(Parse), typeof(Hash), typeof(Dedup), typeof(Pivots), typeof(Encode), typeof(Compress), typeof(FrameCrc), typeof(PageCrc)];

    /// <summary>The jobs by name: how long they measure.</summary>
    public static IReadOnlyDictionary<string, Job> Jobs { get; } = new Dictionary<string, Job>
    {
        ["dry"] = Job.Dry,
        ["short"] = Job.ShortRun,
        ["default"] = Job.Default,
        ["medium"] = Job.MediumRun,
        ["long"] = Job.LongRun,
    };

    public static int Run(string job)
    {
        // In this process: what is measured is one thread of code that is compiled fully, and nothing has to be built again.
        IConfig config = ManualConfig.CreateEmpty()
            .AddJob(Jobs[job].WithLaunchCount(1).WithToolchain(InProcessEmitToolchain.Instance))
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), $"orleanslake-micro-{Environment.ProcessId}"));
        var text = new StringBuilder();
        double hertz = Clock.Hz();
        double bytesPerSecond = 0;
        bool isWhole = true;
        foreach (Type type in Benchmarks)
        {
            Summary summary = BenchmarkRunner.Run(type, config);
            if (summary.Reports is not [{ ResultStatistics: { } statistics }])
            {
                Console.Error.WriteLine($"{type.Name} was not measured.");
                isWhole = false;
                continue;
            }

            var benchmark = (MicroBenchmark)Activator.CreateInstance(type)!;
            benchmark.Setup();
            MicroWork work = benchmark.Work;
            (benchmark as IDisposable)?.Dispose();
            double seconds = statistics.Median / 1e9;
            bytesPerSecond = type == typeof(Copy) ? work.MovedBytes / seconds : bytesPerSecond;
            double bound = work.Cycles > 0 ? work.Cycles / hertz : work.MovedBytes / bytesPerSecond;
            text.AppendLine(
                Results.Plain,
                $"| {work.What} | {work.Unit} | {seconds / work.Units * 1e9:G4} | {seconds * hertz / work.Units:G4} | {work.Units / seconds / 1e6:N0} | {bound / work.Units * 1e9:G4} | {bound / seconds:P0} | {work.Bound} |");
        }

        string page = Page(text.ToString(), job, hertz, bytesPerSecond);
        Console.Write(page);
        File.WriteAllText(Path.Combine(Fixtures.Root, "bench", "MICRO.md"), page);
        return isWhole ? 0 : 1;
    }

    private static string Page(string rows, string job, double hertz, double bytesPerSecond) => string.Create(
        Results.Plain,
        $"""
        # Hot paths

        One thread each, by BenchmarkDotNet (job `{job}`, medians), on messages of `lake produce --profile bench`. `bound`: what the same
        would take at the least, either for the bytes that it has to move, at the {bytesPerSecond / 1e9:F1} GB/s at which this machine
        copies in the same run (read and written bytes together), or for its instructions, at the {hertz / 1e9:F2} GHz that were
        measured in it. `reached`: the bound over the time.

        | what | unit | ns a unit | cycles a unit | M units/s | bound, ns | reached | the bound is |
        |---|---|---:|---:|---:|---:|---:|---|
        {rows}
        Again: `dotnet run -c Release --project bench/OrleansLake.Benchmarks -- micro --job {job}`

        """);
}
