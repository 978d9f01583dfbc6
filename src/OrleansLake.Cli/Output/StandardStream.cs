using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using OrleansLake.Core;
using OrleansLake.Storage;

namespace OrleansLake.Cli.Output;

/// <summary>One of the process's outputs as bytes, unbuffered. When its reader has gone (<c>| head</c>) what is written is dropped.</summary>
/// <remarks>
/// <see cref="Console.OpenStandardOutput()"/> drops it without telling, and a <see cref="FileStream"/> keeps a
/// position of its own, so that two processes that share a redirected file would write over each other.
/// </remarks>
internal abstract partial class StandardStream : WriteOnlyStream
{
    private const int ErrorInterrupted = 4;
    private const int ErrorTryAgain = 11;
    private const int ErrorTryAgainDarwin = 35;
    private const int ErrorBrokenPipe = 32;
    private const int ErrorNoSpace = 28;
    private readonly int _descriptor;
    private readonly Stream? _windows;
    private bool _isLookedAt;

    /// <param name="descriptor">Its number.</param>
    /// <param name="windows">What writes to it where there are no such numbers.</param>
    protected StandardStream(int descriptor, Func<Stream> windows)
    {
        _descriptor = descriptor;
        _windows = OperatingSystem.IsWindows() ? windows() : null;
    }

    /// <summary>Gets a value indicating whether the reader has gone.</summary>
    public bool IsClosed { get; protected set; }

    /// <summary>Gets its name.</summary>
    protected abstract string Name { get; }

    /// <exception cref="IOException">The output cannot be written (a full disk, say), and that matters.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (OperatingSystem.IsWindows())
        {
            _windows!.Write(buffer);
            return;
        }

        if (!_isLookedAt)
        {
            _isLookedAt = true;
            if (!InheritedDescriptor.IsOpen(_descriptor))
            {
                IsClosed = true;
                Fail(InheritedDescriptor.Closed(_descriptor));
            }
        }

        while (!buffer.IsEmpty && !IsClosed)
        {
            int written = WriteSome(buffer);
            if (written < 0)
            {
                return;
            }

            buffer = buffer[written..];
        }
    }

    public override void Flush() => _windows?.Flush();

    /// <summary>Returns what becomes of a failure to write: it is thrown, or what was to be written is dropped.</summary>
    protected abstract void Fail(IOException failure);

    protected override void Dispose(bool disposing)
    {
        _windows?.Dispose();
        base.Dispose(disposing);
    }

    // -1 if it failed and that does not matter.
    [UnsupportedOSPlatform("windows")]
    private int WriteSome(ReadOnlySpan<byte> buffer)
    {
        nint written = WriteDescriptor(_descriptor, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
        if (written >= 0)
        {
            return (int)written;
        }

        int error = Marshal.GetLastPInvokeError();
        switch (error)
        {
            case ErrorInterrupted:
                return 0;
            case ErrorTryAgain or ErrorTryAgainDarwin:
                // A pipe that another process has made non-blocking: there is nothing better to wait on than time.
                Thread.Sleep(1);
                return 0;
            case ErrorBrokenPipe:
                IsClosed = true;
                return 0;
            default:
                string why = error == ErrorNoSpace ? "no space left on the device" : Marshal.GetPInvokeErrorMessage(error);
                Fail(new IOException($"{Name}: {why}."));
                return -1;
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint WriteDescriptor(int descriptor, ref byte buffer, nuint length);
}
