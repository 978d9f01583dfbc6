using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OrleansLake.Storage.Stores;

/// <summary>
/// The calls that .NET has not: fsync that reports every error (RandomAccess.FlushToDisk swallows EROFS, EINVAL and
/// ENOTSUP), fsync of a folder (which makes the names in it durable), writing back early, and link(2), which never replaces a file. On
/// Windows, NTFS journals names, and moving without overwriting is the link.
/// </summary>
internal static partial class FolderSync
{
    private const int FileExists = 17;          // EEXIST, the same on Linux and macOS
    private const int NoSuchFile = 2;           // ENOENT, likewise
    private const int OpenReadOnly = 0;

    /// <summary>Makes a file's bytes and its length durable.</summary>
    public static void SyncFile(SafeFileHandle handle, string path)
    {
        if (OperatingSystem.IsLinux())
        {
            if (FDataSync(handle) != 0)
            {
                throw Failure("fdatasync", path);
            }

            return;
        }

        // On macOS this is F_FULLFSYNC, on Windows FlushFileBuffers.
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>
    /// Starts to write a range of a file to the disk and waits until the range before it is there, so that the fsync to
    /// come finds little, and what others fsync meanwhile never waits behind all of the file. It makes nothing durable.
    /// </summary>
    public static void WriteBack(SafeFileHandle handle, long start, long before, long length)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        const uint waitBefore = 1;
        const uint write = 2;

        // On a best effort: what fails here fails in the fsync, too, and is reported there.
        _ = SyncFileRange(handle, start, length, write);
        if (before > 0)
        {
            _ = SyncFileRange(handle, start - before, before, waitBefore);
        }
    }

    /// <summary>Makes the names in a folder durable.</summary>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(path, OpenReadOnly);
        if (descriptor < 0)
        {
            throw Failure("open", path);
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FSync(handle) != 0)
        {
            throw Failure("fsync", path);
        }
    }

    /// <summary>Links a file to a second name; false if the name is taken.</summary>
    public static bool TryLink(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            if (File.Exists(to))
            {
                return false;
            }

            File.Move(from, to, overwrite: false);
            return true;
        }

        if (Link(from, to) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        if (error == FileExists || (error == NoSuchFile && File.Exists(to)))
        {
            return false;
        }

        throw File.Exists(from)
            ? new IOException($"link of {to} failed: {new Win32Exception(error).Message}", error)
            : new FileNotFoundException($"{from} is not there", from);
    }

    private static IOException Failure(string call, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{call} of {path} failed: {new Win32Exception(error).Message}", error);
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FDataSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFileRange(SafeFileHandle handle, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string from, string to);
}
