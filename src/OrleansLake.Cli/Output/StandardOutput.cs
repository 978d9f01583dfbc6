using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace OrleansLake.Cli.Output;

/// <summary>
/// The process's stdout as bytes, unbuffered. When its reader has gone (<c>| head</c>) what is written is dropped
/// and <see cref="IsClosed"/> tells: to a command that only prints this makes no difference, one that makes output
/// without end stops.
/// </summary>
/// <remarks>
/// <see cref="Console.OpenStandardOutput()"/> drops it without telling, and a <see cref="FileStream"/> keeps a
/// position of its own, so that two processes that share a redirected file would write over each other.
/// </remarks>
internal sealed partial class StandardOutput : Stream
{
    private const int Descriptor = 1;
    private const int ErrorInterrupted = 4;
    private const int ErrorTryAgain = 11;
    private const int ErrorTryAgainDarwin = 35;
    private const int ErrorBrokenPipe = 32;
    private const int ErrorNoSpace = 28;
    private readonly Stream? _windows = OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : null;

    /// <summary>Whether the reader has gone.</summary>
    public bool IsClosed { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <exception cref="IOException">The output cannot be written (a full disk, say).</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (OperatingSystem.IsWindows())
        {
            _windows!.Write(buffer);
            return;
        }

        while (!buffer.IsEmpty && !IsClosed)
        {
            buffer = buffer[WriteSome(buffer)..];
        }
    }

    public override void Flush() => _windows?.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _windows?.Dispose();
        base.Dispose(disposing);
    }

    [UnsupportedOSPlatform("windows")]
    private int WriteSome(ReadOnlySpan<byte> buffer)
    {
        nint written = WriteDescriptor(Descriptor, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
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
            case ErrorNoSpace:
                throw new IOException("standard output: no space left on the device.");
            default:
                throw new IOException($"standard output: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint WriteDescriptor(int descriptor, ref byte buffer, nuint length);
}
