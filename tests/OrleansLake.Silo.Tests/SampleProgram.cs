using System.Diagnostics;
using OrleansLake.TestSupport;

namespace OrleansLake.Silo.Tests;

/// <summary>The client's sample, as a process.</summary>
internal static class SampleProgram
{
    /// <summary>Runs it against the gateway at a port, and gives what it prints.</summary>
    internal static async Task<string> RunAsync(int gatewayPort)
    {
        (int code, string output, string error) = await RunAsync($"{gatewayPort}");
        Assert.True(code == 0, output + error);
        return output;
    }

    /// <summary>Runs it where it cannot run, and gives its exit code and what it says.</summary>
    internal static async Task<(int Code, string Error)> FailAsync(string argument)
    {
        (int code, _, string error) = await RunAsync(argument);
        return (code, error.Trim());
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string argument)
    {
        // Where it was built: it has packages beside it that the tests' own framework brings.
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string built = Path.Combine(Fixtures.Root, "samples", "LakeOnSilos", "bin", configuration, "net10.0", "LakeOnSilos.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [built, argument])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
