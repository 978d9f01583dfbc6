namespace OrleansLake.Storage.Log;

/// <summary>SourceProgress records as bytes: a kind, then its fields. Kinds are added to, never changed.</summary>
internal static class SourceProgressCodec
{
    private const byte Nothing = 0;
    private const byte Stream = 1;
    private const byte FileProgress = 2;
    private const byte ProducerBatch = 3;
    private const byte ExternalBronzeFile = 4;
    private const byte Replayed = 5;
    private const byte ReplayedElsewhere = 6;
    private const byte Dismissed = 7;
    private const byte ExternalAccepted = 8;
    private const byte TopicProgress = 9;

    public static void Write(SourceProgress consumed, ByteSink to)
    {
        switch (consumed)
        {
            case SourceProgress.Stream stream:
                to.Byte(Stream);
                to.Text(stream.Name);
                break;
            case SourceProgress.FileProgress file:
                to.Byte(FileProgress);
                to.Text(file.Name);
                to.Int64(file.Size);
                to.UInt32(file.PrefixCrc32C);
                to.Int64(file.EndPosition);
                to.Int64(file.EndRecord);
                to.Byte(file.Completed ? (byte)1 : (byte)0);
                to.Byte(file.WholeCrc32C is null ? (byte)0 : (byte)1);
                to.UInt32(file.WholeCrc32C ?? 0);
                to.Int32(file.Take);
                break;
            case SourceProgress.ProducerBatch batch:
                to.Byte(ProducerBatch);
                to.Text(batch.Key.Name);
                to.Byte(batch.Key.Number is null ? (byte)0 : (byte)1);
                to.Int64(batch.Key.Number ?? 0);
                to.UInt32(batch.PrefixCrc32C);
                to.Int64(batch.EndPosition);
                to.Int64(batch.EndRecord);
                to.Int64(batch.Accepted);
                to.Int64(batch.Rejected);
                to.Byte(batch.Completed ? (byte)1 : (byte)0);
                break;
            case SourceProgress.ExternalBronzeFile file:
                to.Byte(ExternalBronzeFile);
                to.Text(file.Name);
                to.Int64(file.Size);
                to.UInt32(file.Crc32C);
                to.Int64(file.Rows);
                to.Int64(file.ModifiedUtcTicks);
                to.Byte(file.Refused is null ? (byte)0 : (byte)1);
                to.Text(file.Refused ?? "");
                break;
            case SourceProgress.ExternalAccepted accepted:
                to.Byte(ExternalAccepted);
                to.Text(accepted.Name);
                to.Int64(accepted.Size);
                to.UInt32(accepted.Crc32C);
                break;
            case SourceProgress.TopicProgress topic:
                to.Byte(TopicProgress);
                to.Text(topic.Topic);
                to.Int32(topic.Partition);
                to.Int64(topic.NextOffset);
                to.Int64(topic.CompleteOffset);
                break;
            case SourceProgress.Replayed mended:
                if (mended.Ids is [{ Partition: > 0 and int partition }, ..])
                {
                    to.Byte(ReplayedElsewhere);
                    to.Int32(partition);
                }
                else
                {
                    to.Byte(Replayed);
                }

                WriteIds(mended.Ids, to);
                break;
            case SourceProgress.Dismissed dismissed:
                to.Byte(Dismissed);
                to.Byte(dismissed.Reason is null ? (byte)0 : (byte)1);
                to.Text(dismissed.Reason ?? "");
                to.Int32(dismissed.Ids is [{ Partition: int own }, ..] ? own : 0);
                WriteIds(dismissed.Ids, to);
                break;
            default:
                to.Byte(Nothing);
                break;
        }
    }

    public static SourceProgress Read(ref ByteSource from)
    {
        byte kind = from.Byte();
        switch (kind)
        {
            case Nothing:
                return SourceProgress.Nothing;
            case Stream:
                return new SourceProgress.Stream(from.Text());
            case FileProgress:
                string name = from.Text();
                long size = from.Int64();
                uint prefixCrc = from.UInt32();
                long endPosition = from.Int64();
                long endRecord = from.Int64();
                bool completed = from.Byte() != 0;
                bool hasWhole = from.Byte() != 0;
                uint whole = from.UInt32();
                return new SourceProgress.FileProgress(
                    name, size, prefixCrc, endPosition, endRecord, completed, hasWhole ? whole : null, from.Int32());
            case ProducerBatch:
                string key = from.Text();
                bool isNumbered = from.Byte() != 0;
                long number = from.Int64();
                return new SourceProgress.ProducerBatch(
                    new BatchKey(key, isNumbered ? number : null),
                    from.UInt32(), from.Int64(), from.Int64(), from.Int64(), from.Int64(), from.Byte() != 0);
            case ExternalBronzeFile:
                string path = from.Text();
                long length = from.Int64();
                uint crc = from.UInt32();
                long rows = from.Int64();
                long ticks = from.Int64();
                bool refused = from.Byte() != 0;
                string why = from.Text();
                return new SourceProgress.ExternalBronzeFile(path, length, crc, rows, ticks, refused ? why : null);
            case ExternalAccepted:
                return new SourceProgress.ExternalAccepted(from.Text(), from.Int64(), from.UInt32());
            case TopicProgress:
                return new SourceProgress.TopicProgress(from.Text(), from.Int32(), from.Int64(), from.Int64());
            case Replayed:
                return new SourceProgress.Replayed(ReadIds(ref from, 0));
            case ReplayedElsewhere:
                return new SourceProgress.Replayed(ReadIds(ref from, from.Int32()));
            case Dismissed:
                bool isDismissed = from.Byte() != 0;
                string because = from.Text();
                return new SourceProgress.Dismissed(ReadIds(ref from, from.Int32()), isDismissed ? because : null);
            default:
                // The bytes are as they were written (their checksum holds), so a newer version wrote them.
                throw new LakeRefusedException(
                    $"the log has records of kind {kind}, which this version does not know: use a newer one");
        }
    }

    private static void WriteIds(IReadOnlyList<QuarantineId> ids, ByteSink to)
    {
        to.Int32(ids.Count);
        foreach (QuarantineId id in ids)
        {
            to.Int64(id.Sequence);
            to.Int32(id.Index);
        }
    }

    private static List<QuarantineId> ReadIds(ref ByteSource from, int partition)
    {
        int count = from.Count();
        if (count > SourceProgress.Replayed.IdsMax)
        {
            throw new InvalidDataException($"it settles {count} records");
        }

        var ids = new List<QuarantineId>();
        for (int i = 0; i < count; i++)
        {
            var id = new QuarantineId(from.Int64(), from.Int32(), partition);
            ids.Add(id is { Sequence: >= 0, Index: >= 0, Partition: >= 0 }
                ? id : throw new InvalidDataException($"there is no rejected record {id}"));
        }

        return ids;
    }
}
