using System.Runtime.InteropServices;

namespace OrleansLake.Storage;

/// <summary>The identity of the file that a path leads to, whatever its name: links of both kinds to one file are equal.</summary>
/// <param name="Device">The file system.</param>
/// <param name="Number">The file in it.</param>
/// <param name="Mode">What it is and who may use it, as in <c>st_mode</c>.</param>
internal readonly partial record struct FileIdentity(ulong Device, ulong Number, ushort Mode)
{
    private const int KindMask = 0xF000;    // S_IFMT
    private const int Pipe = 0x1000;        // S_IFIFO
    private const int CharDevice = 0x2000;  // S_IFCHR
    private const int BlockDevice = 0x6000; // S_IFBLK
    private const int Socket = 0xC000;      // S_IFSOCK

    // struct statx is the same on every architecture: https://man7.org/linux/man-pages/man2/statx.2.html
    private const int StatxBytes = 256;
    private const int ModeAt = 28;
    private const int InodeAt = 32;
    private const int DeviceAt = 136;
    private const int RelativeToWorkingFolder = -100; // AT_FDCWD
    private const uint Wanted = 0x101;                // STATX_TYPE, STATX_INO

    /// <summary>Gets a value indicating whether it is a pipe with a name, or a device that is read as one.</summary>
    public bool IsStream => (Mode & KindMask) is Pipe or CharDevice;

    /// <summary>Gets a value indicating whether opening it as a file might never return, or reads something else than a file: a pipe, a socket, a device.</summary>
    public bool IsSpecial => IsStream || IsUnreadable;

    /// <summary>Gets a description of what it is.</summary>
    public string KindName => (Mode & KindMask) switch
    {
        Pipe => "a named pipe",
        Socket => "a socket",
        CharDevice or BlockDevice => "a device",
        _ => "a file",
    };

    /// <summary>Gets a value indicating whether nothing can be read from it as from a file: a socket, or a disk.</summary>
    public bool IsUnreadable => (Mode & KindMask) is Socket or BlockDevice;

    /// <summary>Returns the identity of the file that a path leads to; null where the platform does not say.</summary>
    public static FileIdentity? Of(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> found = stackalloc byte[StatxBytes];
        try
        {
            return Statx(RelativeToWorkingFolder, path, 0, Wanted, ref MemoryMarshal.GetReference(found)) == 0
                ? new FileIdentity(MemoryMarshal.Read<ulong>(found[DeviceAt..]), MemoryMarshal.Read<ulong>(found[InodeAt..]), MemoryMarshal.Read<ushort>(found[ModeAt..])) : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte found);
}
