using System.Diagnostics;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Runs a call without the rights that let root read what nobody may.</summary>
internal static class UnprivilegedUser
{
    private static string[] Command { get; } = Environment.IsPrivilegedProcess ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : [];

    /// <summary>Gets the reason why it cannot be done here; null when it can.</summary>
    public static string? ImpossibleBecause { get; } = Try();

    public static LakeCall Of(LakeCall call) => call with { Through = Command };

    /// <summary>Takes all permissions of a file or folder from everybody, or gives them to its owner.</summary>
    public static void SetReadable(string path, bool isReadable)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, isReadable ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute : UnixFileMode.None);
        }
    }

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "needs Linux's capabilities to take rights from one process";
        }

        string file = Path.GetTempFileName();
        try
        {
            SetReadable(file, false);
            string[] command = [.. Command, "cat", file];
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true });
            process!.WaitForExit();
            return process.ExitCode == 1 ? null : "needs 'setpriv' to take root's rights from one process, which this machine does not allow";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "needs 'setpriv' to take root's rights from one process";
        }
        finally
        {
            File.Delete(file);
        }
    }
}
