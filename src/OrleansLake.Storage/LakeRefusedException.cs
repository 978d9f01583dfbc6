namespace OrleansLake.Storage;

/// <summary>
/// A folder is not touched: it is neither empty nor a lake, or it was made by a newer version (exit code 5).
/// </summary>
public sealed class LakeRefusedException : Exception
{
    /// <summary>Initializes the exception without a message.</summary>
    public LakeRefusedException()
        : this("the folder is refused")
    {
    }

    /// <summary>Initializes the exception with the reason, and what would be right.</summary>
    public LakeRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes the exception with the reason, and the exception that it was noticed by.</summary>
    public LakeRefusedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
