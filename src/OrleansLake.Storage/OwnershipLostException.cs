namespace OrleansLake.Storage;

/// <summary>
/// Another owner has opened the partition: this one stops, and what it has not acknowledged is not acknowledged.
/// Open the partition again to continue.
/// </summary>
/// <param name="message">What was lost, and to whom.</param>
/// <param name="innerException">The exception that it was noticed by.</param>
public sealed class OwnershipLostException(string message, Exception? innerException = null) : Exception(message, innerException);
