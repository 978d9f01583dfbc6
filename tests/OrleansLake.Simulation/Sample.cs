using System.Globalization;
using System.Text;

namespace OrleansLake.Simulation;

/// <summary>
/// Which cases of many are run: a few, or all if the environment variable <c>LAKE_SIMULATE_ALL</c> is 1. What fails is
/// told by number, all of it.
/// </summary>
internal static class Sample
{
    private const int FailuresTold = 10;

    public static bool IsAll => Environment.GetEnvironmentVariable("LAKE_SIMULATE_ALL") == "1";

    /// <summary>Runs the cases from 0 to a count, of which every step-th if not all are asked for.</summary>
    public static void Each(long count, int first, int step, Action<long> run)
    {
        var failures = new StringBuilder();
        int failed = 0;
        long cases = 0;
        for (long i = IsAll ? 0 : first % step; i < count; i += IsAll ? 1 : step)
        {
            cases++;
            try
            {
                run(i);
            }
#pragma warning disable CA1031 // Whatever a case throws is its failure, told with its number.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (failed++ < FailuresTold)
                {
                    failures.Append(CultureInfo.InvariantCulture, $"\ncase {i}: {Brief(e)}");
                }
            }
        }

        static string Brief(Exception e) => string.Join('\n', e.ToString().Split('\n').Where(line => !line.Contains("at Xunit", StringComparison.Ordinal)).Take(24));
        Assert.True(failed == 0, $"{failed} of {cases} cases failed{failures}");
    }
}
