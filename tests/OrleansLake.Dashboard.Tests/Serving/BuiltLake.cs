using OrleansLake.TestSupport;

namespace OrleansLake.Dashboard.Tests.Serving;

/// <summary>
/// The command in the folder that it was built to. Beside this assembly some of its packages are missing: a test project
/// that is an ASP.NET application itself leaves them to the shared framework, but the command's own list asks for them.
/// </summary>
internal static class BuiltLake
{
    internal static string DllPath { get; } = Path.Combine(
        [Fixtures.Root, "src", "OrleansLake.Cli", "bin", .. AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar)[^2..], "lake.dll"]);
}
