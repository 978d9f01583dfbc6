using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrleansLake.Silo;

/// <summary>SIGTERM and ctrl-C: cancel a token, from the program's first moment on.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _signals;
    private long _cameAt;

    internal StopSignals() => _signals =
    [
        .. ((ReadOnlySpan<PosixSignal>)[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT]).ToArray().Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            Stop();
        })),
    ];

    /// <summary>Gets the token that is cancelled when the silo is to stop.</summary>
    internal CancellationToken Token => _stop.Token;

    /// <summary>Gets how long ago that was; zero if it has not come.</summary>
    internal TimeSpan Elapsed => Volatile.Read(ref _cameAt) is var cameAt and not 0 ? Stopwatch.GetElapsedTime(cameAt) : TimeSpan.Zero;

    /// <summary>Stops the silo as a signal does.</summary>
    internal void Stop()
    {
        Interlocked.CompareExchange(ref _cameAt, Stopwatch.GetTimestamp(), 0);
        _stop.Cancel();
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
        {
            signal.Dispose();
        }

        _stop.Dispose();
    }
}
