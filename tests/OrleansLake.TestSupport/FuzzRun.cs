using System.Diagnostics;
using System.Globalization;

namespace OrleansLake.TestSupport;

/// <summary>
/// Inputs made from a seed: some in every test run, as many as wanted with <c>ORLEANSLAKE_FUZZ_INPUTS=1000000</c>;
/// <c>ORLEANSLAKE_FUZZ_SEED</c> says where to start. Each promise that is broken is reported with the seed that repeats it.
/// </summary>
public static class FuzzRun
{
    private const int BrokenMax = 20;
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(1);

    /// <summary>Runs inputs until enough are broken; returns what to print.</summary>
    /// <param name="inputsByDefault">How many, by default.</param>
    /// <param name="input">Makes the input of a seed, and gives what runs it: it throws where a promise is broken.</param>
    /// <param name="allocatedMax">What running it may allocate, in bytes.</param>
    /// <exception cref="InvalidOperationException">Promises are broken.</exception>
    public static string Run(int inputsByDefault, Func<int, Action> input, Func<int, long> allocatedMax)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(allocatedMax);
        int inputs = Setting("ORLEANSLAKE_FUZZ_INPUTS", inputsByDefault);
        int seed = Setting("ORLEANSLAKE_FUZZ_SEED", Random.Shared.Next());
        var broken = new List<string>();
        long started = Stopwatch.GetTimestamp();
        long most = 0;
        for (int i = 0; i < inputs && broken.Count < BrokenMax; i++)
        {
            int each = unchecked(seed + i);
            try
            {
                most = Math.Max(most, One(input(each), allocatedMax(each)));
            }
#pragma warning disable CA1031 // Whatever it is, it is what the fuzzer looks for.
            catch (Exception e)
#pragma warning restore CA1031
            {
                broken.Add($"ORLEANSLAKE_FUZZ_SEED={each} ORLEANSLAKE_FUZZ_INPUTS=1: {e}");
            }
        }

        return broken.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {inputs} inputs in {Stopwatch.GetElapsedTime(started)}, {most} bytes allocated at most")
            : throw new InvalidOperationException(string.Join('\n', broken));
    }

    private static long One(Action run, long allocatedMax)
    {
        // Another process may have held the processor: what is slow is slow twice more. What the first run of all makes once (tables
        // of patterns, say) is not made again.
        long allocated = 0;
        for (int tries = 1; ; tries++)
        {
            long start = Stopwatch.GetTimestamp();
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > allocatedMax)
            {
                if (tries == 1)
                {
                    continue;
                }

                throw new InvalidOperationException($"it allocated {allocated} bytes, more than {allocatedMax}");
            }

            if (Stopwatch.GetElapsedTime(start) <= TimeMax)
            {
                return allocated;
            }

            if (tries == 3)
            {
                throw new InvalidOperationException($"it took longer than {TimeMax}, three times");
            }
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
