using System.Runtime.InteropServices;

namespace OrleansLake.Engine.Work;

/// <summary>Priorities of threads, which .NET sets on Windows alone.</summary>
internal static partial class ThreadPriorities
{
    private const int Nicer = 5;    // a third of the weight: less, and it might be held up with a lock in its hands

    /// <summary>Lowers the priority of the calling thread, which is not to be used for other work, as far as the system knows how.</summary>
    internal static void LowerOwn()
    {
        if (OperatingSystem.IsLinux())
        {
            // On Linux of the calling thread alone. On a best effort.
            _ = Nice(Nicer);
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    [LibraryImport("libc", EntryPoint = "nice")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Nice(int increment);
}
