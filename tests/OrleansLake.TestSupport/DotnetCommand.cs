using System.Diagnostics;

namespace OrleansLake.TestSupport;

/// <summary>Runs <c>dotnet</c> outside of the tests' own build: on projects in scratch folders, and what is built there.</summary>
public static class DotnetCommand
{
    private static readonly TimeSpan Max = TimeSpan.FromMinutes(5);

    /// <summary>Runs it in a folder, and gives what it said.</summary>
    /// <exception cref="InvalidOperationException">It failed, or does not end.</exception>
    public static string Run(string folder, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(LakeProcess.DotnetPath, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };

        // The runner's own, which builds of others are not to be made with.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name == "CI").ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        bool hasEnded = process.WaitForExit(Max);
        if (!hasEnded)
        {
            process.Kill(entireProcessTree: true);
        }

        string said = output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult();
        return hasEnded && process.ExitCode == 0 ? said : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)}: {said}");
    }
}
