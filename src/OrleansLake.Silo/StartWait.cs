using System.Diagnostics;

namespace OrleansLake.Silo;

/// <summary>Waits at a silo's start for what it needs, and says so in a line at once and every few seconds.</summary>
/// <param name="max">How long.</param>
/// <param name="say">Reports it.</param>
internal sealed class StartWait(TimeSpan max, Action<string> say)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(5);

    /// <summary>Ends when it is there.</summary>
    /// <param name="what">What is waited for, with the setting that names it.</param>
    /// <param name="look">Looks for it: null if it is there, or else why it is not.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="SiloStartException">It did not come in time.</exception>
    internal async Task ForAsync(string what, Func<CancellationToken, Task<string?>> look, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        TimeSpan saidAt = -SayEvery;
        while (await look(cancellationToken) is { } reason)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan waited = Stopwatch.GetElapsedTime(started);
            if (waited >= max)
            {
                throw new SiloStartException(SiloExitCode.Environment, $"{what} is unavailable ({reason}); it was waited for {max.TotalSeconds:0} s (Silo:WaitSeconds).");
            }

            if (waited - saidAt >= SayEvery)
            {
                saidAt = waited;
                say($"Waiting for {what}: {reason} ({waited.TotalSeconds:0} of {max.TotalSeconds:0} s)");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }
}
