using System.Runtime.InteropServices;
using OrleansLake.Core;
using OrleansLake.Storage;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Cli.Hosting;

/// <summary>
/// Standard input or another pipe as bytes, whose reads end with <see cref="OperationCanceledException"/> when the token
/// is cancelled: a read of a silent pipe or terminal would otherwise block ctrl-C.
/// </summary>
internal sealed partial class PipeInput : ReadOnlyStream
{
    private const short Readable = 1;           // POLLIN, the same on Linux, macOS and BSD
    private const int PollIntervalMs = 100;
    private const int ErrorInterrupted = 4;
    private readonly Stream _input;
    private readonly int _descriptor;
    private readonly CancellationToken _cancellationToken;

    private PipeInput(Stream input, int descriptor, CancellationToken cancellationToken)
    {
        _input = input;
        _descriptor = descriptor;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Returns whether a path names standard input, by whichever of its names.</summary>
    public static bool IsStandardInput(string path) => path == "-" || InheritedDescriptor.Of(path) == 0;

    /// <summary>Returns the name of an input for messages: that of standard input is one, whichever the path.</summary>
    public static string NameOf(string path) => IsStandardInput(path) ? "stdin" : path;

    /// <summary>Returns whether a path is read as a stream, once and from its start: standard input, a pipe, a device.</summary>
    public static bool IsStream(string path) =>
        path == "-" || InheritedDescriptor.Of(path) is not null || FileIdentity.Of(path) is { IsStream: true };

    /// <summary>Refuses standard input, or a descriptor, that is closed.</summary>
    /// <exception cref="IOException">It is.</exception>
    public static void ThrowIfClosed(string path) => InheritedDescriptor.ThrowIfClosed(path == "-" ? "/dev/stdin" : path);

    /// <summary>Opens standard input, a named pipe, or a device. Opening a pipe waits for its writer.</summary>
    /// <exception cref="IOException">Standard input is closed, or it cannot be opened.</exception>
    public static async Task<PipeInput> OpenAsync(string path, CancellationToken cancellationToken)
    {
        ThrowIfClosed(path);
        if (IsStandardInput(path))
        {
            return new PipeInput(Console.OpenStandardInput(), 0, cancellationToken);
        }

        FileStream file = await Task.Run(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1), CancellationToken.None)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        return new PipeInput(file, (int)file.SafeFileHandle.DangerousGetHandle(), cancellationToken);
    }

    /// <summary>Opens what a path names: a file, a pipe or standard input.</summary>
    /// <exception cref="IOException">There is no such file, or it cannot be opened.</exception>
    public static async Task<Stream> OpenAnyAsync(string path, CancellationToken cancellationToken)
    {
        path = SystemPath.Of(path);
        if (IsStream(path))
        {
            return await OpenAsync(path, cancellationToken).ConfigureAwait(false);
        }

        ThrowIfNoFile(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read);
    }

    /// <summary>Refuses what is not a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file, or it is a folder.</exception>
    public static void ThrowIfNoFile(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(Directory.Exists(path) ? $"{path}: a folder, not a file." : $"{path}: no such file.");
        }
    }

    /// <summary>Returns all that a path names holds: a file, a pipe or standard input.</summary>
    /// <exception cref="IOException">It cannot be read, or holds more than so many bytes.</exception>
    public static async Task<byte[]> ReadWholeAsync(string path, int bytesMax, CancellationToken cancellationToken)
    {
        path = SystemPath.Of(path);
        if (!IsStream(path) && !Path.Exists(path))
        {
            throw new FileNotFoundException($"{path}: no such file.");
        }

        using PipeInput? pipe = IsStream(path) ? await OpenAsync(path, cancellationToken).ConfigureAwait(false) : null;
        return pipe is null ? WholeFile.Read(path, bytesMax) : WholeFile.Read(pipe, NameOf(path), bytesMax);
    }

    /// <exception cref="OperationCanceledException">The token is cancelled and nothing was there to read.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!OperatingSystem.IsWindows() && !HasInput())
        {
            _cancellationToken.ThrowIfCancellationRequested();
        }

        return _input.Read(buffer);
    }

    protected override void Dispose(bool disposing)
    {
        _input.Dispose();
        base.Dispose(disposing);
    }

    // The end of the input counts as input, and so does an error: the read that follows shows which. Only a wait that was
    // broken off by a signal is waited again.
    private bool HasInput()
    {
        PollDescriptor descriptor = new() { Descriptor = _descriptor, Events = Readable };
        int ready = Poll(ref descriptor, 1, PollIntervalMs);
        return ready > 0 || (ready < 0 && Marshal.GetLastPInvokeError() != ErrorInterrupted);
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeoutMs);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Answered;
    }
}
