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

    internal void Begin() => _source.Cancel();

    public void Dispose() => _source.Dispose();
}
