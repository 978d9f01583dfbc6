using System.Globalization;
using System.Runtime.InteropServices;

namespace OrleansLake.Storage;

/// <summary>
/// Checks whether a file descriptor was handed to this process when it was started. One that was closed then (<c>&lt;&amp;-</c>) has
/// its number taken by the next file that the process opens itself, a pipe of the runtime say: to read or write it would
/// never return, or break what it belongs to.
/// </summary>
internal static partial class InheritedDescriptor
{
    private const int GetFlags = 1;     // F_GETFD, the same on Linux, macOS and BSD
    private const int CloseOnExec = 1;  // FD_CLOEXEC: the runtime opens all that is its own so, and what has it is never inherited

    private static readonly string[] Folders = ["/dev/fd/", "/proc/self/fd/"];

    /// <summary>Returns whether it was; true where the platform does not say.</summary>
    public static bool IsOpen(int descriptor) => OperatingSystem.IsWindows() || Flags(descriptor, GetFlags) is >= 0 and var flags && (flags & CloseOnExec) == 0;

    /// <summary>Gets the descriptor that a path stands for (<c>/dev/stdin</c>, <c>/dev/fd/63</c>); null if it is another path.</summary>
    public static int? Of(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        if (path == "/dev/stdin")
        {
            return 0;
        }

        string? folder = Array.Find(Folders, folder => path.StartsWith(folder, StringComparison.Ordinal));
        return folder is not null && int.TryParse(path.AsSpan(folder.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor) ? descriptor : null;
    }

    /// <summary>Refuses a path that stands for a descriptor which is closed.</summary>
    /// <exception cref="IOException">It does.</exception>
    public static void ThrowIfClosed(string path)
    {
        if (Of(path) is { } descriptor && !IsOpen(descriptor))
        {
            throw Closed(descriptor);
        }
    }

    /// <summary>Returns the failure to use one that is closed.</summary>
    public static IOException Closed(int descriptor) => new(descriptor switch
    {
        0 => "standard input is closed, so nothing can be read from it; give it a file or a pipe (< FILE, or < /dev/null for nothing).",
        1 => "standard output: it is closed.",
        _ => string.Create(CultureInfo.InvariantCulture, $"file descriptor {descriptor} is not open."),
    });

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flags(int descriptor, int command);
}
