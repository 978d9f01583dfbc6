namespace OrleansLake.Storage.Log;

/// <summary>
/// The log takes nothing more, because what it wrote may not be on the disk (a failed fsync is never tried again on
/// the same file: the page cache may lie). Open the partition again to continue.
/// </summary>
internal sealed class LogClosedException(string message, Exception? innerException = null) : Exception(message, innerException);
