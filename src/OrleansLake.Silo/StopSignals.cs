using System.Runtime.InteropServices;

namespace OrleansLake.Silo;

/// <summary>SIGTERM and ctrl-C: cancel a token, from the program's first moment on.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _signals;

    internal StopSignals() => _signals =
    [
        .. ((ReadOnlySpan<PosixSignal>)[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT]).ToArray().Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            _stop.Cancel();
        })),
    ];

    /// <summary>Cancelled when the silo is to stop.</summary>
    internal CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
        {
            signal.Dispose();
        }

        _stop.Dispose();
    }
}
