namespace OrleansLake.Engine.Opening;

/// <summary>A file that an option names.</summary>
internal static class OptionFile
{
    /// <summary>Returns the exception that says why it cannot be read, and what to do.</summary>
    /// <param name="kind">What it is called: the countries file.</param>
    /// <param name="path">Its path.</param>
    /// <param name="failure">The failure of reading it.</param>
    /// <param name="option">The option of the command line.</param>
    /// <param name="setting">The setting of an application.</param>
    internal static LakeException Unreadable(string kind, string path, Exception failure, string option, string setting)
    {
        string why = failure is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : Directory.Exists(SystemPath.Of(path)) ? "it is a folder" : failure.Message.TrimEnd('.');
        return new LakeException(LakeFailure.Environment, $"The {kind} file {path} cannot be read: {why}; name another with {option} (in an application OrleansLake:{setting}).");
    }
}
