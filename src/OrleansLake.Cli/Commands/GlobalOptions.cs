using System.CommandLine;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Cli.Commands;

/// <summary>The options that every command takes, before or after its name.</summary>
internal static class GlobalOptions
{
    public static Option<string> Lake { get; } = new("--lake")
    {
        Description = "The lake's folder (or LAKE_DIR)",
        HelpName = "DIR",
        Recursive = true,
        DefaultValueFactory = _ => Hosting.EnvironmentText.Of("LAKE_DIR") ?? "./lake",
    };

    public static Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Show where in the program a failure arose",
        Recursive = true,
    };

    /// <summary>Returns whether the lake's folder was named: by the option, or in the environment.</summary>
    public static bool IsPathGiven(ParseResult parsed) =>
        parsed.GetResult(Lake) is { Implicit: false } || Hosting.EnvironmentText.Of("LAKE_DIR") is not null;

    /// <summary>Returns the lake's folder.</summary>
    public static string PathOf(ParseResult parsed)
    {
        string path = parsed.GetValue(Lake)!;
        return path.Length > 0 ? SystemPath.Of(path) : throw new Hosting.UsageException("--lake needs a folder.");
    }
}
