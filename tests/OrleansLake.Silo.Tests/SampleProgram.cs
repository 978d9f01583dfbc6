using System.Diagnostics;
using OrleansLake.Testing;

namespace OrleansLake.Silo.Tests;

/// <summary>The client's sample, as a process.</summary>
internal static class SampleProgram
{
    /// <summary>Runs it against the gateway at a port, and gives what it prints.</summary>
    internal static async Task<string> RunAsync(int gatewayPort)
    {
        // Where it was built: it has packages beside it that the tests' own framework brings.
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string built = Path.Combine(Fixtures.Root, "samples", "LakeOnSilos", "bin", configuration, "net10.0", "LakeOnSilos.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [built, $"{gatewayPort}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await error);
        return output;
    }
}
