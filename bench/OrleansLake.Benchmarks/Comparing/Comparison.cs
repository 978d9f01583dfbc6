using OrleansLake.Benchmarks.Profiling;
using OrleansLake.Benchmarks.Works;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>Does the works one after another on the same messages, and writes down what they measured.</summary>
internal sealed class Comparison(CompareOptions options)
{
    private const int Failed = 1;
    private const int NoEnvironment = 5;

    private static readonly Work[] Works =
    [
        new BronzeToGold(), new NdjsonToGold(), new MappingWork(), new LiveWork(), new IncrementalWork(), new ScalingWork(), new StartUp(), new TenHours(),
    ];

    /// <summary>Gets what can be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Works.Select(static work => work.Name)];

    /// <summary>Runs it; the exit code.</summary>
    public int Run()
    {
        if (ForeignReaders.MissingBecause is { } reason)
        {
            Console.Error.WriteLine($"The comparison {reason}");
            return NoEnvironment;
        }

        string folder = options.Folder ?? Directory.CreateTempSubdirectory("orleanslake-bench-").FullName;
        Directory.CreateDirectory(folder);
        try
        {
            var results = new Results(options);
            foreach (Work work in Works.Where(work => options.Works.Count == 0 || options.Works.Contains(work.Name)))
            {
                results.Add(work, Measured(work, new BenchData(folder)));
            }

            Console.Write(results.Text());
            results.Write(options.Into ?? Path.Combine(Fixtures.Root, "bench"));
            return results.HasFailures ? Failed : 0;
        }
        finally
        {
            if (!options.Keep)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    // The others' figures are worth having, so one that fails is reported and does not end the run.
    private WorkResult? Measured(Work work, BenchData data)
    {
        try
        {
            WorkResult result = work.Measure(options, data);
            return result.Goals.All(static goal => goal.IsHeld)
                ? result
                : result with { Profile = LakeProfile.Of(work.Profiled(options, data), Path.Combine(data.Folder, "perf.data"), work.ProfiledThread, work.IsProfiledAsStarted) };
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or TimeoutException or ForeignReaderException)
        {
            Console.Error.WriteLine($"{work.Name} failed: {e.Message}");
            return null;
        }
    }
}
