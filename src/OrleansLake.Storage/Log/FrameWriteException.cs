namespace OrleansLake.Storage.Log;

/// <summary>
/// A frame's write failed. The log continues without the frame, but its bytes may have reached the disk all the same: who
/// opens the partition after a crash that comes before the next frame finds it there.
/// </summary>
internal sealed class FrameWriteException : IOException
{
    /// <summary>Initializes the exception with the reason of the failure, and the exception that it was noticed by, whose error code
    /// it keeps.</summary>
    public FrameWriteException(string message, Exception innerException)
        : base(message, innerException) => HResult = innerException.HResult;
}
