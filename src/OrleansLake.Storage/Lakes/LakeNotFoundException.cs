namespace OrleansLake.Storage;

/// <summary>There is no lake in the folder (exit code 5).</summary>
public sealed class LakeNotFoundException : Exception
{
    /// <summary>A lake that is not named.</summary>
    public LakeNotFoundException()
        : this("there is no lake here")
    {
    }

    /// <summary>What is missing, in words.</summary>
    public LakeNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>What is missing, in words, and what it was noticed by.</summary>
    public LakeNotFoundException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
