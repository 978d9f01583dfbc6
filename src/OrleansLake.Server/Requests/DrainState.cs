using Microsoft.Extensions.Options;
using OrleansLake.Server.Diagnostics;

namespace OrleansLake.Server.Requests;

/// <summary>
/// The state of a server's drain: whether it is stopping (then nothing new is accepted, and event streams end), how many requests are in
/// flight, and what becomes of those that do not end by themselves: a body that still comes is refused, then the rest is
/// cut off.
/// </summary>
internal sealed class DrainState(LakeServerOptions options, IOptions<HostOptions> host, TimeProvider clock, ILogger<DrainState> logger) : IDisposable
{
    /// <summary>The time that requests that are asked to end, and then those that are cut off, have for it together.</summary>
    internal static readonly TimeSpan EndMax = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _begun = new();
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationTokenSource _cut = new();
    private long _started;
    private int _inFlight;

    /// <summary>Gets the token that is cancelled when it begins.</summary>
    internal CancellationToken Token => _begun.Token;

    /// <summary>Gets the token that is cancelled when requests in flight have had their time.</summary>
    internal CancellationToken Over => _over.Token;

    internal bool HasBegun => _begun.IsCancellationRequested;

    /// <summary>Gets a value indicating whether what was in flight has been cut off.</summary>
    internal bool IsCut => _cut.IsCancellationRequested;

    internal int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Gets the remaining time that stopping may take for requests; all of it before it begins.</summary>
    internal TimeSpan Left => HasBegun && Max + EndMax - clock.GetElapsedTime(_started) is var left ? left > TimeSpan.Zero ? left : TimeSpan.Zero : Max + EndMax;

    // The time that an application's host gives all of its services together to stop.
    private TimeSpan Max => host.Value.ShutdownTimeout is var all && all >= TimeSpan.Zero && all - EndMax < options.DrainMax
        ? all > EndMax ? all - EndMax : TimeSpan.Zero
        : options.DrainMax;

    /// <summary>Counts a request that begins; the caller disposes the result before the request is done.</summary>
    internal CancellationTokenRegistration Enter(HttpContext context)
    {
        Interlocked.Increment(ref _inFlight);
        return _cut.Token.UnsafeRegister(static one => ((HttpContext)one!).Abort(), context);
    }

    internal void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Begins, and waits until nothing is in flight, within a limit.</summary>
    internal async Task DrainAsync(CancellationToken cancellationToken)
    {
        _started = clock.GetTimestamp();
        TimeSpan max = Max;
        await _begun.CancelAsync().ConfigureAwait(false);
        if (await IsEmptyAsync(max, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        logger.CutOff(InFlight, max.TotalSeconds);
        await _over.CancelAsync().ConfigureAwait(false);
        if (!await IsEmptyAsync(EndMax / 2, cancellationToken).ConfigureAwait(false))
        {
            await _cut.CancelAsync().ConfigureAwait(false);
            await IsEmptyAsync(EndMax / 2, CancellationToken.None).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _begun.Dispose();
        _over.Dispose();
        _cut.Dispose();
    }

    private async Task<bool> IsEmptyAsync(TimeSpan max, CancellationToken cancellationToken)
    {
        long started = clock.GetTimestamp();
        while (InFlight > 0 && clock.GetElapsedTime(started) < max && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), CancellationToken.None).ConfigureAwait(false);
        }

        return InFlight == 0;
    }
}
