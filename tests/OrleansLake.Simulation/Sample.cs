using System.Collections.Concurrent;
using System.Globalization;

namespace OrleansLake.Simulation;

/// <summary>
/// The sample of cases that are run: a few; so many times more, and other ones each time, as the environment variable <c>LAKE_SIMULATE_TIMES</c> says; all
/// if <c>LAKE_SIMULATE_ALL</c> is 1, which takes hours; or the one that <c>LAKE_SIMULATE_CASE</c> names. They have nothing in common, so they are run
/// side by side. What fails is reported by number, all of it.
/// </summary>
internal static class Sample
{
    private const int FailuresTold = 10;
    private const string Case = "LAKE_SIMULATE_CASE";

    private static readonly int Times = int.TryParse(Environment.GetEnvironmentVariable("LAKE_SIMULATE_TIMES"), CultureInfo.InvariantCulture, out int times) && times > 0 ? times : 1;

    private static bool IsAll => Environment.GetEnvironmentVariable("LAKE_SIMULATE_ALL") == "1";

    /// <summary>Runs the cases from 0 to a count, of which every step-th if not all are asked for.</summary>
    public static void Each(long count, int first, int step, Action<long> run)
    {
        if (long.TryParse(Environment.GetEnvironmentVariable(Case), CultureInfo.InvariantCulture, out long only))
        {
            Run(1, _ => only, run, Tell);
        }
        else
        {
            if (Times > 1)
            {
                step = Math.Max(1, step / Times);
                first = Random.Shared.Next(step);
            }

            Run(
                IsAll ? count : ((count - 1 - (first % step)) / step) + 1,
                i => IsAll ? i : (first % step) + (i * step),
                run,
                Tell);
        }

        static string Tell(long i) => string.Create(CultureInfo.InvariantCulture, $"{Case}={i}");
    }

    /// <summary>Runs all cases from one on.</summary>
    /// <param name="first">The first one.</param>
    /// <param name="count">How many.</param>
    /// <param name="run">Runs one.</param>
    /// <param name="repeat">The command that repeats it.</param>
    public static void All(long first, long count, Action<long> run, Func<long, string> repeat) => Run(count, i => first + i, run, repeat);

    private static void Run(long count, Func<long, long> caseOf, Action<long> run, Func<long, string> tell)
    {
        var failures = new ConcurrentDictionary<long, Exception>();
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            try
            {
                run(caseOf(i));
            }
#pragma warning disable CA1031 // Whatever a case throws is its failure, told with its number.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failures[caseOf(i)] = e;
            }
        });
        Assert.True(
            failures.IsEmpty,
            $"{failures.Count} of {count} cases failed ({string.Join(' ', failures.Keys.Order().Take(100))})\n"
            + string.Join('\n', failures.OrderBy(failure => failure.Key).Take(FailuresTold).Select(failure => $"{tell(failure.Key)}: {Brief(failure.Value)}")));
    }

    private static string Brief(Exception e) =>
        string.Join('\n', e.ToString().Split('\n').Where(line => !line.Contains("at Xunit", StringComparison.Ordinal)).Take(24));
}
