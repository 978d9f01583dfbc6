using System.Runtime.InteropServices;

namespace OrleansLake.Storage;

/// <summary>Whether a file may be read, asked without opening it.</summary>
internal static partial class ReadAccess
{
    /// <summary>Why something may not be read, in the system's words.</summary>
    internal const string Denied = "Permission denied";

    private const int Read = 4;        // R_OK
    private const int NotAllowed = 13; // EACCES

    /// <summary>Whether this user may not read a file. What else may be wrong with it shows when it is read.</summary>
    internal static bool IsDenied(string path) =>
        !OperatingSystem.IsWindows() && Access(path, Read) != 0 && Marshal.GetLastPInvokeError() == NotAllowed;

    /// <summary>Says in words why a file could not be read.</summary>
    internal static string Reason(Exception failure) => failure is UnauthorizedAccessException ? Denied : failure.Message;

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Access(string path, int mode);
}
