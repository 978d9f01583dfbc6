namespace OrleansLake.TestSupport;

/// <summary>
/// The solution's programs in the folders that they were built to: what a user runs, compiled ahead of time. Beside a test
/// assembly their libraries are not, and half of a short command's time would be the just-in-time compiler's.
/// </summary>
public static class BuiltProgram
{
    /// <summary>Gets the path of the command's assembly.</summary>
    public static string Lake { get; } = PathOf("OrleansLake.Cli", "lake.dll");

    /// <summary>Gets the path of the silo's assembly.</summary>
    public static string Silo { get; } = PathOf("OrleansLake.Silo", "lake-silo.dll");

    // As this assembly was built: bin/Release/net10.0.
    private static string PathOf(string project, string file) => Path.Combine(
        [Fixtures.Root, "src", project, "bin", .. AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar)[^2..], file]);
}
