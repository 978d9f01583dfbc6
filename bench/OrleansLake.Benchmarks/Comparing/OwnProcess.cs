using System.Diagnostics;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>
/// This program as another process, for what is measured of the engine inside it: with the runtime settings of the
/// built <c>lake</c>, which are part of what is measured.
/// </summary>
internal static class OwnProcess
{
    /// <summary>Returns how a job of this program is started.</summary>
    public static ProcessStartInfo Start(params IEnumerable<string> arguments) => new(
        LakeProcess.DotnetPath,
        [
            "exec", "--runtimeconfig", Path.ChangeExtension(BuiltProgram.Lake, ".runtimeconfig.json"),
            "--depsfile", Path.ChangeExtension(typeof(OwnProcess).Assembly.Location, ".deps.json"),
            typeof(OwnProcess).Assembly.Location, .. arguments,
        ]);
}
