using System.Diagnostics;

namespace OrleansLake.Benchmarks.Micro;

/// <summary>The processor's clock as it runs now, which is not always what it says of itself.</summary>
internal static class Clock
{
    private const int Multiplications = 100_000_000;
    private const int CyclesPerMultiplication = 3;
    private const int Rounds = 5;

    private static ulong _result;

    /// <summary>Cycles a second: multiplications that wait for each other take three each, on every x64 core of the last years.</summary>
    public static double Hz()
    {
        double best = double.MaxValue;
        ulong value = 1;
        for (int round = 0; round < Rounds; round++)
        {
            long started = Stopwatch.GetTimestamp();
            for (int i = 0; i < Multiplications; i++)
            {
                value *= 0x9E3779B97F4A7C15;
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        // Somebody may look at it, so it is worked out.
        Volatile.Write(ref _result, value);
        return (double)Multiplications * CyclesPerMultiplication / best;
    }
}
