using System.Runtime.InteropServices;

namespace OrleansLake.Storage.Stores;

/// <summary>Checks whether a file may be read, without opening it.</summary>
internal static partial class ReadAccess
{
    /// <summary>The reason why something may not be read, in the system's words.</summary>
    internal const string Denied = "Permission denied";

    private const int Exists = 0;      // F_OK
    private const int Search = 1;      // X_OK
    private const int Read = 4;        // R_OK
    private const int NotAllowed = 13; // EACCES

    /// <summary>Returns whether this user may not read a file. What else may be wrong with it shows when it is read.</summary>
    internal static bool IsDenied(string path) =>
        !OperatingSystem.IsWindows() && Access(path, Read) != 0 && Marshal.GetLastPInvokeError() == NotAllowed;

    /// <summary>Returns whether a path leads to something, and this user may know. Not for Windows.</summary>
    internal static bool IsThere(string path) => Access(path, Exists) == 0;

    /// <summary>Returns whether this user may not know if there is such a file or folder.</summary>
    internal static bool IsHidden(string path) =>
        !OperatingSystem.IsWindows() && Access(path, Exists) != 0 && Marshal.GetLastPInvokeError() == NotAllowed;

    /// <summary>Refuses to call something missing of which this user may not know whether it is there: a folder above it may not be looked into.</summary>
    /// <exception cref="UnauthorizedAccessException">So it is.</exception>
    internal static void ThrowIfHidden(string path)
    {
        if (!IsHidden(path))
        {
            return;
        }

        string hiding = path;
        for (string? above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
        {
            hiding = Access(above, Search) == 0 ? hiding : above;
        }

        throw new UnauthorizedAccessException($"{hiding} cannot be read: {Denied}. Let this user read it, and what is in it.");
    }

    /// <summary>Returns the reason why a file could not be read.</summary>
    internal static string Reason(Exception failure) => failure is UnauthorizedAccessException ? Denied : failure.Message;

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Access(string path, int mode);
}
