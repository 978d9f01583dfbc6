using System.Diagnostics;
using Orleans.Runtime.Messaging;
using OrleansLake.Core.Time;

namespace OrleansLake.Grains;

/// <summary>Repeats calls that may be repeated while what they are for moves: a silo went, or a partition changes its owner.</summary>
internal static class Retries
{
    // A silo that dies is noticed after 3 missed probes of 5 s and a vote, all of them at once after 3 of their signs of
    // life of 10 s; then the partitions have to open.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(1));

    /// <summary>Returns whether the failure is transient: whether the same call may succeed later.</summary>
    /// <param name="failure">What the call ended with.</param>
    /// <param name="cancellationToken">
    /// The caller's. Without it a call ends as cancelled too: what expires before its grain is placed does, and what a silo that
    /// stops was working on.
    /// </param>
    public static bool IsTransient(Exception failure, CancellationToken cancellationToken = default) =>
        failure is PartitionMovedException or SiloUnavailableException or OrleansMessageRejectionException or GatewayTooBusyException
            or ConnectionFailedException or TimeoutException or ClientNotAvailableException
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>Makes a call that does no harm when it is made twice.</summary>
    public static Task<T> RunAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken = default) => RunAsync(call, Patience, cancellationToken);

    /// <summary>Makes a call that does no harm when it is made twice.</summary>
    /// <param name="call">The call.</param>
    /// <param name="patience">For how long it is repeated.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<T> RunAsync<T>(Func<Task<T>> call, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        long started = Stopwatch.GetTimestamp();
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await call();
            }

            // What is in flight after the first try may be that.
            catch (Exception e) when ((IsTransient(e, cancellationToken) || (tries > 1 && e is LakeBusyException { IsInFlight: true })) && Stopwatch.GetElapsedTime(started) < patience && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(Pauses.After(tries), cancellationToken);
            }
        }
    }

    /// <summary>Makes a call that does no harm when it is made twice.</summary>
    public static Task RunAsync(Func<Task> call, CancellationToken cancellationToken = default)
    {
        return RunAsync(
            async () =>
            {
                await call();
                return true;
            },
            cancellationToken);
    }
}
