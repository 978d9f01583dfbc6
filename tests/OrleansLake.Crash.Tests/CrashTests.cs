using System.Collections.Concurrent;
using System.Globalization;

namespace OrleansLake.Crash.Tests;

/// <summary>
/// The built command, killed. <c>LAKE_CRASH_KILLS</c> sets how often (100 if not), <c>LAKE_CRASH_SEED</c> the first
/// lake's seed: the work follows from it, the moments do not.
/// </summary>
public sealed class CrashTests
{
    private const int KillsPerLake = 10;
    private const int LakesAtOnce = 2;

    [Fact]
    public void Killed_commands_lose_and_double_nothing()
    {
        int kills = Number("LAKE_CRASH_KILLS", 100);
        int firstSeed = Number("LAKE_CRASH_SEED", 0);
        int lakes = (kills + KillsPerLake - 1) / KillsPerLake;
        var failures = new ConcurrentBag<string>();
        int killed = 0;
        Parallel.For(firstSeed, firstSeed + lakes, new ParallelOptions { MaxDegreeOfParallelism = LakesAtOnce }, seed =>
        {
            using var lake = new KilledLake(seed);
            try
            {
                while (lake.Kills < KillsPerLake)
                {
                    lake.KillAndRecover();
                }
            }
#pragma warning disable CA1031 // Whatever a lake throws is its failure, told with its seed.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failures.Add($"LAKE_CRASH_SEED={seed} LAKE_CRASH_KILLS={KillsPerLake} dotnet test tests/OrleansLake.Crash.Tests, after {lake.Kills} kills: {e}");
            }

            Interlocked.Add(ref killed, lake.Kills);
        });
        Assert.True(failures.IsEmpty, $"{failures.Count} of {lakes} lakes failed\n{string.Join('\n', failures.Take(5))}");
        Assert.True(killed >= kills, $"{killed} of {kills} kills");
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
