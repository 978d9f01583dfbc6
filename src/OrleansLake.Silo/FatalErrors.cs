namespace OrleansLake.Silo;

/// <summary>
/// Ends a silo that Orleans gives up, in a line instead of a stack trace and a core: such as one that was frozen, and that the
/// others took for dead meanwhile.
/// </summary>
internal sealed class FatalErrors(ILogger<FatalErrors> logger) : IFatalErrorHandler
{
    private static readonly TimeSpan FlushMax = TimeSpan.FromMilliseconds(500);

    public bool IsUnexpected(Exception exception) => exception is not ThreadAbortException;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        SiloNews.LogFatal(logger, string.Join(": ", ((string?[])[context, exception?.Message.ReplaceLineEndings(" ")]).OfType<string>()));
        Thread.Sleep(FlushMax);
        Environment.Exit(SiloExitCode.Environment);
    }
}
