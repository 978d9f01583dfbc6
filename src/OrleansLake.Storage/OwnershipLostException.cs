namespace OrleansLake.Storage;

/// <summary>
/// Another owner has opened the partition: this one stops, and what it has not acknowledged is not acknowledged.
/// Open the partition again to continue.
/// </summary>
public sealed class OwnershipLostException : Exception
{
    /// <summary>Initializes the exception without a message.</summary>
    public OwnershipLostException()
        : this("the partition has another owner")
    {
    }

    /// <summary>Initializes the exception with what was lost, and to whom.</summary>
    public OwnershipLostException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes the exception with what was lost, and the exception that it was noticed by.</summary>
    public OwnershipLostException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
