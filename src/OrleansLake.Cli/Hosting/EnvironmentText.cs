namespace OrleansLake.Cli.Hosting;

/// <summary>The values from the environment of options that are left out.</summary>
internal static class EnvironmentText
{
    /// <summary>Returns a variable's text; null if it is not set, or empty.</summary>
    public static string? Of(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;
}
