using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Hosting;

/// <summary>
/// ctrl-C and SIGTERM: the first asks the command to come to an end (<see cref="Token"/>), the second ends the
/// process at once, which a lake survives as it survives a crash.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "It lives as long as the process does.")]
internal sealed class Interrupts
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    private Interrupts()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    /// <summary>
    /// Gets the instance of this process. It is never disposed: a signal that comes while the process ends would kill it then, and
    /// the exit code of a command that is done would be lost.
    /// </summary>
    public static Interrupts OfProcess { get; } = new();

    /// <summary>Gets the token that the first signal cancels.</summary>
    public CancellationToken Token => _source.Token;

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested)
        {
            Terminal.ShowCursor();
            Environment.Exit(ExitCode.Interrupted);
        }

        // On another thread: what hangs on the token must not hold up the second signal.
        _ = _source.CancelAsync();
    }
}
