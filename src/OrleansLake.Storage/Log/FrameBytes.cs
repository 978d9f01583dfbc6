using OrleansLake.Core.Messages;

namespace OrleansLake.Storage.Log;

/// <summary>A frame's content as bytes, for a journey between processes of one version.</summary>
internal static class FrameBytes
{
    /// <summary>Returns the bytes of a content.</summary>
    public static byte[] Encode(FrameContent content)
    {
        using var bytes = new ByteSink(1024);
        MessageBatch? rows = content.Rows is { Count: > 0 } ? content.Rows : null;
        bytes.Int64(rows?.Count ?? -1);
        bytes.Int64(content.WrittenAt);
        FrameCodec.Write(content, rows, bytes);
        return bytes.Written.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are something else.</exception>
    public static FrameContent Decode(ReadOnlySpan<byte> bytes)
    {
        var from = new ByteSource(bytes);
        long count = from.Int64();
        long writtenAt = from.Int64();
        LogFrame frame = FrameCodec.Read(new FrameHeader { HasRows = count >= 0, RowCount = Math.Max(0, count) }, bytes[16..]);
        return new FrameContent
        {
            Rows = frame.Rows,
            SourceProgress = frame.SourceProgress,
            RejectedSource = frame.RejectedSource,
            Rejections = frame.Rejections,
            WrittenAt = writtenAt,
        };
    }
}
