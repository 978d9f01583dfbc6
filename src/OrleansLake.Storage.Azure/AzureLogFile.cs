using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Azure;

/// <summary>
/// A file of the log: an append blob. What is written waits in memory for <see cref="Flush"/>, which appends it in blocks,
/// each on the condition that the blob is as long as it was left: so a block is there once, no matter who sends it how
/// often, and a request that was lost on its way for long lands nowhere.
/// </summary>
/// <remarks>
/// A block is there whole or not at all, and a flush of several may end between two: frames that are cut so are the
/// torn tail that every reader of the log knows.
/// </remarks>
internal sealed class AzureLogFile : ILogFile
{
    /// <summary>The largest block that every version of the service accepts.</summary>
    private const int BlockBytesMax = 4 << 20;

    /// <summary>The service takes 50,000. What is written when a flush is under way needs some more.</summary>
    private const int BlocksMax = 49_000;

    private readonly AppendBlobClient _blob;
    private readonly Lock _writing = new();
    private readonly Lock _flushing = new();
    private byte[] _buffer = [];
    private int _buffered;
    private long _flushed;
    private int _blocks;
    private Exception? _failure;

    private AzureLogFile(AppendBlobClient blob, string path)
    {
        _blob = blob;
        Path = path;
    }

    public string Path { get; }

    public bool IsFull => Volatile.Read(ref _blocks) >= BlocksMax;

    /// <exception cref="IOException">The name is taken.</exception>
    public static AzureLogFile Create(BlobContainerClient container, string path)
    {
        AppendBlobClient blob = container.GetAppendBlobClient(path);
        string id = Guid.NewGuid().ToString("N");
        var options = new AppendBlobCreateOptions
        {
            Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All },
            Metadata = new Dictionary<string, string> { [BlobUpload.IdKey] = id },
        };
        return BlobCall.Run(path, () =>
        {
            try
            {
                try
                {
                    blob.Create(options);
                }
                catch (RequestFailedException e) when (BlobCall.LacksContainer(e))
                {
                    container.CreateIfNotExists();
                    blob.Create(options);
                }
            }
            catch (RequestFailedException e) when (BlobCall.IsTaken(e))
            {
                if (!BlobUpload.IsOf(container, path, id))
                {
                    throw new IOException($"{path} is there already", e);
                }
            }

            return new AzureLogFile(blob, path);
        });
    }

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        lock (_writing)
        {
            if (position < _flushed)
            {
                throw new IOException($"{Path}: byte {position} cannot be written any more, {_flushed} bytes are appended");
            }

            int at = checked((int)(position - _flushed));
            int end = checked(at + bytes.Length);
            if (end > _buffer.Length)
            {
                Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(end, 2L * _buffer.Length)));
            }

            // What nobody has written reads as zeros.
            bytes.CopyTo(_buffer.AsSpan(at));
            _buffered = Math.Max(_buffered, end);
        }
    }

    public void Flush()
    {
        lock (_flushing)
        {
            if (_failure is not null)
            {
                throw new IOException($"{Path} is closed: {_failure.Message}", _failure);
            }

            byte[] bytes;
            int count;
            lock (_writing)
            {
                // A gap that is flushed is no longer written, so the buffer is given away whole.
                (bytes, count, _buffer, _buffered) = (_buffer, _buffered, [], 0);
                _flushed += count;
            }

            long start = _flushed - count;
            try
            {
                for (int at = 0; at < count; at += BlockBytesMax)
                {
                    Append(bytes, at, Math.Min(BlockBytesMax, count - at), start + at);
                }
            }
            catch (Exception e)
            {
                _failure = e;
                throw;
            }
        }
    }

    public void Trim(long length)
    {
        // Nothing is there that was not appended.
    }

    public void Dispose()
    {
        lock (_writing)
        {
            _buffer = [];
        }
    }

    private void Append(byte[] bytes, int at, int count, long position) => BlobCall.Run(Path, () =>
    {
        try
        {
            _blob.AppendBlock(
                new MemoryStream(bytes, at, count, writable: false),
                new AppendBlobAppendBlockOptions { Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = position } });
        }
        catch (RequestFailedException e) when (e.Status == 412 && e.ErrorCode == BlobErrorCode.AppendPositionConditionNotMet)
        {
            // The library asked again after an answer that was lost, or another owner has appended: the bytes decide.
            if (!IsThere(bytes.AsSpan(at, count), position))
            {
                throw new IOException($"{Path} is not as long as it was left: another owner writes to it", e);
            }
        }

        Interlocked.Increment(ref _blocks);
        return true;
    });

    private bool IsThere(ReadOnlySpan<byte> bytes, long position)
    {
        BlobDownloadResult there = _blob.DownloadContent(new BlobDownloadOptions { Range = new HttpRange(position, bytes.Length) }).Value;
        return there.Content.ToMemory().Span.SequenceEqual(bytes);
    }
}
