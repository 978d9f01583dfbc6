using System.Buffers;
using System.Globalization;
using System.Text;
using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Json;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Manifests;

/// <summary>
/// JSON for people with a checksum for machines: the document, a line feed, and a last line
/// <c>crc32c 1a2b3c4d</c> over everything before that line.
/// </summary>
internal static class SealedJson
{
    private const int SealBytes = 16;

    public static byte[] Write<T>(T document, JsonMap<T> map, bool isIndented)
    {
        var bytes = new ArrayBufferWriter<byte>();
        StorageJson.Write(bytes, document, map, isIndented);
        bytes.Write(Seal(bytes.WrittenSpan));
        return bytes.WrittenSpan.ToArray();
    }

    /// <exception cref="OrleansLake.Core.CorruptDataException">The checksum or the document is wrong.</exception>
    public static T Read<T>(string path, ReadOnlySpan<byte> bytes, JsonMap<T> map)
    {
        // To the letter: a reader of numbers would take a flipped bit that makes a capital of one.
        if (bytes.Length < SealBytes || !bytes[^SealBytes..].SequenceEqual(Seal(bytes[..^SealBytes])))
        {
            throw Damage.At(path, Math.Max(0, bytes.Length - SealBytes), "its checksum is wrong", Damage.RestoreFile);
        }

        return StorageJson.Read(path, bytes[..^SealBytes], map);
    }

    private static byte[] Seal(ReadOnlySpan<byte> bytes) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"crc32c {Crc32C.Of(bytes):x8}\n"));
}
