using System.Diagnostics;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>
/// Runs a call where a folder is mounted read-only. Permissions would not do: root passes over them. The mount is seen in the
/// call's own mount namespace alone and goes with it.
/// </summary>
internal static class ReadOnlyFolder
{
    private const string Script = "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" && exec \"$@\"";

    /// <summary>Gets the reason why it cannot be done here; null when it can.</summary>
    public static string? ImpossibleBecause { get; } = Try();

    public static LakeCall Seen(string folder, LakeCall call) => call with { Through = Command(folder) };

    private static string[] Command(string folder) => ["unshare", "--map-root-user", "--mount", "--", "sh", "-c", Script, folder];

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "needs Linux's mount namespaces to make a folder read-only for one process";
        }

        var folder = Directory.CreateTempSubdirectory("orleanslake-ro-");
        try
        {
            string[] command = [.. Command(folder.FullName), "true"];
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true });
            process!.WaitForExit();
            return process.ExitCode == 0 ? null : "needs 'unshare --mount' to make a folder read-only for one process, which this machine does not allow";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "needs 'unshare' to make a folder read-only for one process";
        }
        finally
        {
            folder.Delete();
        }
    }
}
