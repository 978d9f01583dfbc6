using OrleansLake.Core.Messages;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Storage.Log;

/// <summary>
/// A frame's bytes, made before its place in the log is known: everything but the header is ready, so that what
/// happens under the log's lock is one write.
/// </summary>
internal sealed class EncodedFrame : IDisposable
{
    private readonly ByteSink _bytes;
    private readonly uint _payloadCrc;
    private readonly int _payloadBytes;
    private readonly bool _hasRows;
    private readonly bool _hasKept;
    private readonly bool _hasNamedIds;
    private readonly long _writtenAt;

    private EncodedFrame(ByteSink bytes, int payloadBytes, bool hasRows, bool hasKept, bool hasNamedIds, long rowCount, long writtenAt)
    {
        _bytes = bytes;
        _payloadBytes = payloadBytes;
        _payloadCrc = Crc32C.Of(bytes.Written.Slice(FrameHeader.Bytes, payloadBytes));
        _hasRows = hasRows;
        _hasKept = hasKept;
        _hasNamedIds = hasNamedIds;
        _writtenAt = writtenAt;
        RowCount = rowCount;
    }

    /// <summary>Gets the number of offsets in the frame.</summary>
    public long RowCount { get; }

    /// <summary>Gets the bytes from the frame's start to the next one's.</summary>
    public int Stride => _bytes.Length;

    /// <summary>Encodes what a frame is to hold.</summary>
    public static EncodedFrame Of(FrameContent content)
    {
        MessageBatch? rows = content.Rows is { Count: > 0 } ? content.Rows : null;
        if (rows is not null && content.SourceProgress is SourceProgress.ExternalBronzeFile)
        {
            throw new ArgumentException("an external file's rows stay in their file", nameof(content));
        }

        var bytes = new ByteSink(FrameHeader.Bytes + 1024 + (rows is null ? 0 : 64 * rows.Count + rows.Values.Bytes.Length));
        bytes.Take(FrameHeader.Bytes).Clear();
        FrameCodec.Write(content, rows, bytes);
        int payload = bytes.Length - FrameHeader.Bytes;
        bytes.Take((int)(FrameHeader.Align(bytes.Length) - bytes.Length)).Clear();
        return new EncodedFrame(bytes, payload, rows is not null, rows?.Kept is not null, rows is { HasNamedIds: true }, content.RowCount, content.WrittenAt);
    }

    /// <summary>Returns the whole frame, for a place in the log. Valid until the next call.</summary>
    internal ReadOnlySpan<byte> At(PartitionId partition, Epoch epoch, long segment, LogPosition start, LogPosition durable)
    {
        new FrameHeader(_payloadBytes, _payloadCrc, partition, _hasRows, epoch, segment, start, RowCount, durable, _writtenAt, _hasKept, _hasNamedIds)
            .Write(_bytes.Written);
        return _bytes.Written;
    }

    /// <summary>Returns the memory to its pool.</summary>
    public void Dispose() => _bytes.Dispose();
}
