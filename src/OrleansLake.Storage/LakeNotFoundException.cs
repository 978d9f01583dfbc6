namespace OrleansLake.Storage;

/// <summary>There is no lake in the folder (exit code 5).</summary>
public sealed class LakeNotFoundException : Exception
{
    /// <summary>Initializes the exception for a lake that is not named.</summary>
    public LakeNotFoundException()
        : this("there is no lake here")
    {
    }

    /// <summary>Returns the exception for a lake that was there and is gone: its disk was taken away, say, its folder renamed, or the file that makes it one removed.</summary>
    internal static LakeNotFoundException Gone(string location) =>
        new(Directory.Exists(Path.Combine(location, "bronze"))
            ? $"{Path.Combine(location, LakePaths.Description)} is gone, and the lake's other files are there: put the file back as it was. Nobody can open the lake without it."
            : $"The lake's folder is gone: there is not a {LakePaths.Description} in {location} any more. Nothing was made in its place; bring it back as it was (mount it).");

    /// <summary>Initializes the exception with what is missing.</summary>
    public LakeNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>Initializes the exception with what is missing, and the exception that it was noticed by.</summary>
    public LakeNotFoundException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
