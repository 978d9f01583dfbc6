using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansLake.Engine.Opening;

/// <summary>Checks whether a folder can be written to, or made, without trying it.</summary>
internal static partial class FolderAccess
{
    // From unistd.h: the folder may be looked into, and names may be added.
    private const int WriteAndSearch = 2 | 1;

    /// <summary>Refuses a folder that is not one, or in which this user may make nothing.</summary>
    /// <exception cref="LakeException">It cannot hold a lake that is written to.</exception>
    internal static void ThrowIfNotWritable(string folder)
    {
        // What is not there yet is made in the nearest one that is.
        string nearest = folder;
        while (!Path.Exists(nearest) && Path.GetDirectoryName(nearest) is { } parent)
        {
            nearest = parent;
        }

        if (!Directory.Exists(nearest))
        {
            string found = new FileInfo(nearest).LinkTarget is { } target && !SystemPath.IsThere(nearest) ? $"is a link to {target}, which is not there" : "is a file";
            string what = nearest == folder ? $"{folder} {found}" : $"{folder} cannot be made: {nearest} {found}";
            throw new LakeException(LakeFailure.Environment, $"{what}; name a folder with --lake (in an application OrleansLake:Path).");
        }

        // Of these the rights say nothing: nobody can make files there, and a file system that the kernel makes up keeps none.
        if (OperatingSystem.IsLinux() && IsOfSystem(nearest))
        {
            throw new LakeException(LakeFailure.Environment, $"{folder} cannot be written to: {nearest} belongs to the system; name another with --lake (in an application OrleansLake:Path).");
        }

        if (!OperatingSystem.IsWindows() && Access(nearest, WriteAndSearch) != 0)
        {
            string what = nearest == folder ? $"{folder} cannot be written to" : $"{folder} cannot be made in {nearest}";
            throw new LakeException(LakeFailure.Environment, $"{what}: {Marshal.GetLastPInvokeErrorMessage()}; name another with --lake (in an application OrleansLake:Path).");
        }
    }

    private static bool IsOfSystem(string folder) =>
        (folder.StartsWith("/proc", StringComparison.Ordinal) || folder.StartsWith("/sys", StringComparison.Ordinal) || folder.StartsWith("/dev", StringComparison.Ordinal)) && IsGenerated(folder);

    // Apart, so that other folders load no library of drives.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsGenerated(string folder) => new DriveInfo(folder).DriveFormat is "proc" or "sysfs" or "cgroup2fs" or "cgroupfs" or "debugfs" or "devpts" or "securityfs";

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
