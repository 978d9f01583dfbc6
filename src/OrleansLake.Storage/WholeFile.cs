using Microsoft.Win32.SafeHandles;

namespace OrleansLake.Storage;

/// <summary>Reads a small input whole, whatever it is: a file, a pipe, standard input by its path. It is opened once and read once.</summary>
internal static class WholeFile
{
    private const int FirstBytes = 64 * 1024;

    /// <summary>Reads what a path names. That of a pipe waits for its writer.</summary>
    /// <param name="path">The path.</param>
    /// <param name="bytesMax">The most that it may hold.</param>
    /// <exception cref="IOException">It cannot be read, or holds more.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    public static byte[] Read(string path, int bytesMax)
    {
        InheritedDescriptor.ThrowIfClosed(path);
        if (FileIdentity.Of(path) is { IsUnreadable: true } identity && InheritedDescriptor.Of(path) is null)
        {
            throw new IOException($"{path} is {identity.KindName}; name a file or a pipe.");
        }

        // By its number: a socket, as programs give it to those that they start, cannot be opened by its path.
        using FileStream file = InheritedDescriptor.Of(path) is { } descriptor
            ? new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Read, 1)
            : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1);
        return Read(file, path, bytesMax);
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="name">Its name in failures.</param>
    /// <param name="bytesMax">The most that it may hold.</param>
    /// <exception cref="IOException">It holds more.</exception>
    public static byte[] Read(Stream stream, string name, int bytesMax)
    {
        long left = stream.CanSeek ? stream.Length - stream.Position : 0;
        byte[] bytes = new byte[Math.Min(Math.Max(left + 1, FirstBytes), (long)bytesMax + 1)];
        int read = 0;
        while (true)
        {
            int more = stream.Read(bytes.AsSpan(read));
            if (more == 0)
            {
                Array.Resize(ref bytes, read);
                return bytes;
            }

            read += more;
            if (read > bytesMax)
            {
                throw new IOException($"{name} holds more than {bytesMax / (1024 * 1024)} MiB, which is the most that is read of it.");
            }

            if (read == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(2L * read, (long)bytesMax + 1));
            }
        }
    }

    /// <summary>Returns the name of what bytes are packed with, by how they begin: gzip, zstd, bzip2, xz or LZ4; null if by none of these.</summary>
    /// <param name="bytes">The bytes, or the first of them.</param>
    public static string? PackedWith(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x1F, 0x8B, ..] => "gzip",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd",
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', ..] => "bzip2",
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => "xz",
        [0x04, 0x22, 0x4D, 0x18, ..] => "LZ4",
        _ => null,
    };

    /// <summary>Returns what to do with a file that is packed, where a command expects it unpacked; null if it is not packed.</summary>
    /// <param name="start">Its first bytes.</param>
    /// <param name="name">Its name.</param>
    /// <param name="command">The command that reads it from standard input.</param>
    public static string? PackedAdvice(ReadOnlySpan<byte> start, string name, string command) =>
        PackedWith(start) is { } packing ? $"{name} is packed with {packing}; unpack it ({UnpackerOf(packing)} FILE | {command})." : null;

    private static string UnpackerOf(string packing) => packing switch
    {
        "gzip" => "zcat",
        "zstd" => "zstdcat",
        "bzip2" => "bzcat",
        "xz" => "xzcat",
        _ => "lz4cat",
    };
}
