using System.Buffers.Binary;
using OrleansLake.Core;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Engine.Reading;

/// <summary>
/// A bronze file whose bytes, when it was opened, were those that the lake knows. What is made of a file is only as right
/// as what is read of it, and Parquet's pages carry checksums, but its footer does not: so the footer stays in memory from
/// the pass that verified it, and is not read a second time.
/// </summary>
internal sealed class VerifiedBronze : IRandomReader
{
    // The footer's length and the magic bytes, which end a Parquet file.
    private const int TrailerBytes = 8;

    private readonly IRandomReader _file;
    private readonly byte[] _footer;

    private VerifiedBronze(IRandomReader file, byte[] footer)
    {
        _file = file;
        _footer = footer;
    }

    public string Path => _file.Path;

    public long Length => _file.Length;

    /// <summary>Opens a file and reads all of it once.</summary>
    /// <exception cref="CorruptDataException">It is gone, or has other bytes.</exception>
    public static VerifiedBronze Open(ILakeStore store, string path, long length, uint crc32C)
    {
        IRandomReader file = OpenRead(store, path, length);
        try
        {
            byte[] footer = ReadFooter(file);
            if (file.Length == length && Crc32C.Append(file.Checksum(length - footer.Length).Crc32C, footer) == crc32C)
            {
                return new VerifiedBronze(file, footer);
            }

            throw new CorruptDataException(path, -1, $"its bytes are not the {length} that were there when it became part of the lake", "Restore the file.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public int Read(Span<byte> destination, long position)
    {
        long start = _file.Length - _footer.Length;
        if (position < start)
        {
            int before = (int)Math.Min(destination.Length, start - position);
            int read = _file.Read(destination[..before], position);
            return read < before || read == destination.Length ? read : read + Read(destination[read..], position + read);
        }

        ReadOnlySpan<byte> rest = _footer.AsSpan((int)Math.Min(_footer.Length, position - start));
        rest = rest[..Math.Min(rest.Length, destination.Length)];
        rest.CopyTo(destination);
        return rest.Length;
    }

    public void Dispose() => _file.Dispose();

    private static IRandomReader OpenRead(ILakeStore store, string path, long length)
    {
        try
        {
            return store.OpenRead(path);
        }
        catch (FileNotFoundException)
        {
            throw new CorruptDataException(path, -1, "the bronze file is gone", $"Put back the file of {length} bytes that was there.");
        }
    }

    // All of the footer if the file is Parquet; whatever ends it if not, which the reader then reports.
    private static byte[] ReadFooter(IRandomReader file)
    {
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        if (file.Read(trailer, Math.Max(0, file.Length - TrailerBytes)) < TrailerBytes)
        {
            return [];
        }

        long bytes = Math.Min(file.Length, (long)BinaryPrimitives.ReadUInt32LittleEndian(trailer) + TrailerBytes);
        byte[] footer = new byte[bytes <= Array.MaxLength ? bytes : TrailerBytes];
        int read = file.Read(footer, file.Length - footer.Length);
        return read == footer.Length ? footer : [];
    }
}
