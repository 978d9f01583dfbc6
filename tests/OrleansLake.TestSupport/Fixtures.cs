using System.Runtime.CompilerServices;

namespace OrleansLake.TestSupport;

/// <summary>The committed fixtures: results of Apache Spark and Parquet files of other writers.</summary>
public static class Fixtures
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = Find();

    /// <summary>The path of a fixture, such as <c>golden/events.ndjson.gz</c>.</summary>
    public static string Path(string relative) => System.IO.Path.Combine(Root, "tests", "fixtures", relative);

    private static string Find([CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "..", ".."));
}
