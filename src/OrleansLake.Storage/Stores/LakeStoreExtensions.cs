using OrleansLake.Storage.Checksums;

namespace OrleansLake.Storage.Stores;

/// <summary>Operations that are the same on every store.</summary>
public static class LakeStoreExtensions
{
    /// <summary>Opens a file as a seekable stream.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Stream OpenStream(this ILakeStore store, string path)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.OpenRead(path).AsStream();
    }

    /// <summary>Returns an open file as a seekable stream, which owns it.</summary>
    public static Stream AsStream(this IRandomReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new RandomReaderStream(reader);
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static byte[] ReadAll(this ILakeStore store, string path)
    {
        ArgumentNullException.ThrowIfNull(store);
        using IRandomReader reader = store.OpenRead(path);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)reader.Length));
        int read = reader.Read(bytes, 0);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>Returns the CRC32C of a whole file, and its length in bytes.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static CompletedFile Checksum(this ILakeStore store, string path)
    {
        ArgumentNullException.ThrowIfNull(store);
        using IRandomReader reader = store.OpenRead(path);
        return reader.Checksum(long.MaxValue);
    }

    /// <summary>Returns the CRC32C of a file's first bytes, and how many they are: fewer than asked for if it ends before.</summary>
    public static CompletedFile Checksum(this IRandomReader reader, long bytesMax)
    {
        ArgumentNullException.ThrowIfNull(reader);

        // No larger than the file: most files of a small lake are.
        byte[] buffer = new byte[Math.Clamp(reader.Length, 1, 1 << 20)];
        uint crc = 0;
        long position = 0;
        int read;
        while ((read = reader.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, bytesMax - position)), position)) > 0)
        {
            crc = Crc32C.Append(crc, buffer.AsSpan(0, read));
            position += read;
        }

        return new CompletedFile(reader.Path, position, crc);
    }

    /// <summary>Writes a small file and publishes it; false if the name is taken.</summary>
    public static bool TryPublish(this ILakeStore store, string path, ReadOnlySpan<byte> bytes, string temporary)
    {
        ArgumentNullException.ThrowIfNull(store);
        using (IFileWriter writer = store.CreateTemporary(temporary))
        {
            writer.Content.Write(bytes);
            writer.Complete();
        }

        bool published = store.Publish([new FileMove(temporary, path)])[0] == PublishOutcome.Published;
        if (!published)
        {
            store.Delete(temporary);
        }

        return published;
    }
}
