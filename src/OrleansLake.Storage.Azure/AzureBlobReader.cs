using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Azure;

/// <summary>
/// A blob that is open for reading. Its start comes with the opening, in one request; small reads bring what follows
/// them. A file that never changes is read as it was when it was opened, by its ETag; of one of the log, which only
/// grows, what was read stays true.
/// </summary>
internal sealed class AzureBlobReader : IRandomReader
{
    private const int FirstBytes = 256 << 10;
    private const int AheadBytes = 1 << 20;

    private readonly BlobClient _blob;
    private readonly byte[] _first;
    private readonly bool _grows;
    private readonly ETag _tag;
    private volatile Window _window = new(0, []);
    private long _length;

    /// <exception cref="FileNotFoundException">There is no such blob.</exception>
    public AzureBlobReader(BlobClient blob, string path)
    {
        _blob = blob;
        Path = path;
        (_first, BlobType type, _tag, _length) = BlobCall.Run(path, () => Fetch(blob, 0, FirstBytes, null))
            ?? BlobCall.Run<(byte[], BlobType, ETag, long)>(path, () =>
            {
                // A range of an empty blob is refused, which says nothing about it.
                BlobProperties properties = blob.GetProperties().Value;
                return ([], properties.BlobType, properties.ETag, 0);
            });
        _grows = type == BlobType.Append;
    }

    public string Path { get; }

    public long Length => Volatile.Read(ref _length);

    public int Read(Span<byte> destination, long position)
    {
        int total = 0;
        while (total < destination.Length)
        {
            int read = ReadSome(destination[total..], position + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    public void Dispose()
    {
    }

    private int ReadSome(Span<byte> destination, long position)
    {
        if (new Window(0, _first).TryCopy(destination, position, out int copied) || _window.TryCopy(destination, position, out copied))
        {
            return copied;
        }

        if (!_grows && position >= Length)
        {
            return 0;
        }

        int wanted = Math.Max(destination.Length, AheadBytes);
        byte[]? bytes = BlobCall.Run(Path, () => Fetch(_blob, position, wanted, _grows ? null : _tag)) is { } fetched ? Take(fetched) : null;
        if (bytes is null || bytes.Length == 0)
        {
            return 0;
        }

        var window = new Window(position, bytes);
        if (bytes.Length <= 2 * AheadBytes)
        {
            _window = window;
        }

        window.TryCopy(destination, position, out copied);
        return copied;
    }

    private byte[] Take((byte[] Bytes, BlobType Type, ETag Tag, long Length) fetched)
    {
        // It only grows, and requests may overtake each other.
        long known = Length;
        while (fetched.Length > known && Interlocked.CompareExchange(ref _length, fetched.Length, known) is var seen && seen != known)
        {
            known = seen;
        }

        return fetched.Bytes;
    }

    /// <summary>Returns a range, and the blob's length then; null if there is nothing at that place.</summary>
    private static (byte[] Bytes, BlobType Type, ETag Tag, long Length)? Fetch(BlobClient blob, long position, int count, ETag? tag)
    {
        try
        {
            using BlobDownloadStreamingResult result = blob.DownloadStreaming(new BlobDownloadOptions
            {
                Range = new HttpRange(position, count),
                Conditions = tag is { } same ? new BlobRequestConditions { IfMatch = same } : null,
            }).Value;
            byte[] bytes = GC.AllocateUninitializedArray<byte>((int)result.Details.ContentLength);
            result.Content.ReadExactly(bytes);
            return (bytes, result.Details.BlobType, result.Details.ETag, WholeLength(result.Details.ContentRange, position + bytes.Length));
        }
        catch (RequestFailedException e) when (e.Status == 416)
        {
            return null;
        }
    }

    // "bytes 0-1023/4096"
    private static long WholeLength(string? range, long otherwise) =>
        range is not null && range.LastIndexOf('/') is >= 0 and int slash
            && long.TryParse(range.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? length : otherwise;

    private sealed record Window(long Start, byte[] Bytes)
    {
        public bool TryCopy(Span<byte> destination, long position, out int copied)
        {
            copied = 0;
            if (position < Start || position >= Start + Bytes.Length)
            {
                return false;
            }

            ReadOnlySpan<byte> rest = Bytes.AsSpan((int)(position - Start));
            copied = Math.Min(rest.Length, destination.Length);
            rest[..copied].CopyTo(destination);
            return true;
        }
    }
}
