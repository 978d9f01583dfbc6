namespace OrleansLake.Storage;

/// <summary>There is no lake in the folder (exit code 5).</summary>
/// <param name="message">What is missing.</param>
/// <param name="innerException">The exception that it was noticed by.</param>
public sealed class LakeNotFoundException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>Returns the exception for a lake that was there and is gone: its disk was taken away, say, its folder renamed, or the file that makes it one removed.</summary>
    internal static LakeNotFoundException Gone(string location) =>
        new(Directory.Exists(Path.Combine(location, "bronze"))
            ? $"{Path.Combine(location, LakePaths.Description)} is gone, and the lake's other files are there: put the file back as it was. Nobody can open the lake without it."
            : $"The lake's folder is gone: there is not a {LakePaths.Description} in {location} any more. Nothing was made in its place; bring it back as it was (mount it).");
}
