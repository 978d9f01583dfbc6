namespace OrleansLake.Silo;

/// <summary>The exception for a silo that does not start: a line for each reason, with what would be right, and the exit code.</summary>
public sealed class SiloStartException : Exception
{
    /// <summary>Initializes the exception with one reason.</summary>
    /// <param name="exitCode">The exit code; see <see cref="SiloExitCode"/>.</param>
    /// <param name="message">The reason.</param>
    /// <param name="innerException">What it was noticed by.</param>
    public SiloStartException(int exitCode, string message, Exception? innerException = null)
        : base(message, innerException) => ExitCode = exitCode;

    /// <summary>Gets the exit code.</summary>
    public int ExitCode { get; }
}
