namespace OrleansLake.Storage;

/// <summary>Another process owns the lake. Try again when it has ended (exit code 4).</summary>
public sealed class LakeInUseException : Exception
{
    /// <summary>Initializes the exception with a description of the owner, and the exception that it was noticed by.</summary>
    public LakeInUseException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Initializes the exception for an owner by its process id.</summary>
    /// <param name="lake">The lake's folder.</param>
    /// <param name="processId">The owner's process id; null if it is not known.</param>
    public LakeInUseException(string lake, int? processId)
        : base($"the lake {lake} is in use by {(processId is { } id ? $"process {id}" : "another process")}")
    {
        ProcessId = processId;
    }

    /// <summary>Gets the owner's process id; null if it is not known.</summary>
    public int? ProcessId { get; }

    /// <summary>Gets a value indicating whether silos run the lake: the message says what to do then.</summary>
    public bool IsOfSilos { get; init; }
}
