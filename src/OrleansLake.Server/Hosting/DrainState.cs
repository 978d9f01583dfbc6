namespace OrleansLake.Server.Hosting;

/// <summary>
/// Whether the server is on its way down (then nothing new is taken, and event streams end), and how many requests are
/// in flight.
/// </summary>
internal sealed class DrainState : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private int _inFlight;

    /// <summary>Cancelled when it begins.</summary>
    internal CancellationToken Token => _source.Token;

    internal bool HasBegun => _source.IsCancellationRequested;

    internal int InFlight => Volatile.Read(ref _inFlight);

    internal void Enter() => Interlocked.Increment(ref _inFlight);

    internal void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Begins, and waits until nothing is in flight, but not for ever.</summary>
    internal async Task DrainAsync(TimeSpan max, TimeProvider clock, CancellationToken cancellationToken)
    {
        await _source.CancelAsync().ConfigureAwait(false);
        long started = clock.GetTimestamp();
        while (InFlight > 0 && clock.GetElapsedTime(started) < max && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), CancellationToken.None).ConfigureAwait(false);
        }
    }

    public void Dispose() => _source.Dispose();
}
