namespace OrleansLake.Storage.Log;

/// <summary>
/// The log takes nothing more, because what it wrote may not be on the disk (a failed fsync is never tried again on
/// the same file: the page cache may lie). Open the partition again to continue.
/// </summary>
public sealed class LogClosedException : Exception
{
    /// <summary>Initializes the exception for a log that was closed.</summary>
    public LogClosedException()
        : this("the log is closed")
    {
    }

    /// <summary>Initializes the exception with the reason of the closing.</summary>
    public LogClosedException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes the exception with the reason of the closing, and the exception that it was noticed by.</summary>
    public LogClosedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
