using OrleansLake.Core.Messages;

namespace OrleansLake.Storage.Log;

/// <summary>
/// A frame's payload: the consumed record; the rejected records (their count, then, if there are any, the source, and
/// of each the reason, record, position, detail and raw bytes, and the mapping's name where the reason has that flag); the columns, if the header says that there are rows.
/// </summary>
internal static class FrameCodec
{
    private const int HasMapping = 1 << 16;

    public static void Write(FrameContent content, MessageBatch? rows, ByteSink to)
    {
        SourceProgressCodec.Write(content.SourceProgress, to);
        to.Int32(content.Rejections.Count);
        if (content.Rejections.Count > 0)
        {
            to.Text(content.RejectedSource);
            foreach (Rejection rejection in content.Rejections)
            {
                to.Int32((int)rejection.Reason | (rejection.Mapping is null ? 0 : HasMapping));
                to.Int64(rejection.Record);
                to.Int64(rejection.Position);
                to.Text(rejection.Detail);
                to.Bytes(rejection.Raw);
                if (rejection.Mapping is { } mapping)
                {
                    to.Text(mapping);
                }
            }
        }

        if (rows is not null)
        {
            BatchCodec.Write(rows, to);
        }
    }

    /// <summary>Reads a payload whose checksum holds.</summary>
    /// <exception cref="InvalidDataException">It is not what this writes.</exception>
    public static LogFrame Read(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        var from = new ByteSource(payload);
        SourceProgress consumed = SourceProgressCodec.Read(ref from);
        int count = from.Count();
        string source = count > 0 ? from.Text() : "";
        var rejections = new List<Rejection>();
        for (int i = 0; i < count; i++)
        {
            int flags = from.Int32();
            long record = from.Int64();
            long position = from.Int64();
            string detail = from.Text();
            rejections.Add(new Rejection((RejectionReason)(flags & ~HasMapping), detail, record, position, from.Bytes().ToArray())
            {
                Mapping = (flags & HasMapping) == 0 ? null : from.Text(),
            });
        }

        MessageBatch? rows = header.HasRows ? BatchCodec.Read(ref from) : null;
        if (from.Left != 0)
        {
            throw new InvalidDataException("it continues after its end");
        }

        if (rows is not null && rows.Count != header.RowCount)
        {
            throw new InvalidDataException($"its header says {header.RowCount} rows, and it has {rows.Count}");
        }

        return new LogFrame
        {
            Epoch = header.Epoch,
            Segment = header.Segment,
            Start = header.Start,
            RowCount = header.RowCount,
            DurableThen = header.Durable,
            Rows = rows,
            SourceProgress = consumed,
            RejectedSource = source,
            Rejections = rejections,
            WrittenAt = header.WrittenAt,
        };
    }

    /// <summary>Reads only the source progress, and how many records were rejected.</summary>
    public static (SourceProgress SourceProgress, int RejectedCount) ReadHead(ReadOnlySpan<byte> payload)
    {
        var from = new ByteSource(payload);
        return (SourceProgressCodec.Read(ref from), from.Count());
    }
}
