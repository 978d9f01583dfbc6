using System.Runtime.InteropServices;

namespace OrleansLake.Engine;

/// <summary>Priorities of threads, which .NET sets on Windows alone.</summary>
internal static partial class ThreadPriorities
{
    private const int Process = 0;      // PRIO_PROCESS; with who = 0 Linux takes it for the calling thread
    private const int Nice = 5;         // a third of the weight of who has 0: less and it might be held up with a lock in its hands

    /// <summary>Lets the calling thread, which is not to be used for other work, give way to others, as far as the system knows how.</summary>
    internal static void LowerOwn()
    {
        if (OperatingSystem.IsLinux())
        {
            // On a best effort.
            _ = SetPriority(Process, 0, Nice);
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetPriority(int which, uint who, int priority);
}
