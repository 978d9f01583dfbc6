namespace OrleansLake.Core.Messages;

/// <summary>
/// Divides messages over a lake's partitions: a message belongs to partition <c>hash(message_id) mod P</c>, by
/// <see cref="StableHash"/>. All copies of a message are in one partition, in the order in which they came.
/// </summary>
public static class PartitionedMessages
{
    /// <summary>Returns the partition of a hash.</summary>
    public static int PartitionOf(ulong hash, int partitions) => (int)(hash % (ulong)partitions);

    /// <summary>Returns the partition of a message id.</summary>
    public static int PartitionOf(ReadOnlySpan<byte> messageId, int partitions) => PartitionOf(
        UuidText.TryParse(messageId, out MessageIdBits bits) ? StableHash.OfBits(bits.High, bits.Low) : StableHash.OfText(messageId), partitions);

    /// <summary>Returns the messages of each partition, in their order; null where a partition has none.</summary>
    /// <param name="batch">The messages. With one partition they are returned as they are.</param>
    /// <param name="partitions">The number of partitions.</param>
    public static MessageBatch?[] Split(MessageBatch batch, int partitions)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        var parts = new MessageBatch?[partitions];
        if (partitions == 1)
        {
            parts[0] = batch.Count > 0 ? batch : null;
            return parts;
        }

        int[][] eventCodes = new int[partitions][];
        int[][] channelCodes = new int[partitions][];
        for (int row = 0; row < batch.Count; row++)
        {
            int partition = PartitionOf(batch.MessageIds.Hash(row), partitions);
            if (parts[partition] is not { } part)
            {
                parts[partition] = part = new MessageBatch();
                part.Reserve((batch.Count / partitions) + 8);
                eventCodes[partition] = Unknown(batch.EventTypes);
                channelCodes[partition] = Unknown(batch.Channels);
            }

            Append(batch, row, part, eventCodes[partition], channelCodes[partition]);
        }

        return parts;
    }

    /// <summary>Returns the messages of one partition, in their order; null if it has none. What <see cref="Split"/> gives it.</summary>
    /// <param name="batch">The messages. With one partition they are returned as they are.</param>
    /// <param name="partitions">The number of partitions.</param>
    /// <param name="partition">Which of them, from 0.</param>
    public static MessageBatch? Of(MessageBatch batch, int partitions, int partition)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (partitions == 1)
        {
            return batch.Count > 0 ? batch : null;
        }

        MessageBatch? part = null;
        int[] eventCodes = Unknown(batch.EventTypes);
        int[] channelCodes = Unknown(batch.Channels);
        for (int row = 0; row < batch.Count; row++)
        {
            if (PartitionOf(batch.MessageIds.Hash(row), partitions) == partition)
            {
                Append(batch, row, part ??= new MessageBatch(), eventCodes, channelCodes);
            }
        }

        return part;
    }

    private static int[] Unknown(NameColumn names)
    {
        int[] codes = new int[names.Names.Count];
        codes.AsSpan().Fill(NameColumn.NullCode);
        return codes;
    }

    private static void Append(MessageBatch from, int row, MessageBatch to, int[] eventCodes, int[] channelCodes)
    {
        to.Timestamps.AppendRow(from.Timestamps, row);
        to.Values.AppendRow(from.Values, row);
        Append(from.EventTypes, row, to.EventTypes, eventCodes);
        to.MessageIds.AppendRow(from.MessageIds, row);
        Append(from.Channels, row, to.Channels, channelCodes);
        to.CountryIds.AppendRow(from.CountryIds, row);
        to.UserIds.AppendRow(from.UserIds, row);
        to.KeepRow(from.Kept, row);
    }

    private static void Append(NameColumn from, int row, NameColumn to, int[] codes)
    {
        int code = from.Codes[row];
        if (code != NameColumn.NullCode && codes[code] == NameColumn.NullCode)
        {
            codes[code] = to.Names.GetOrAdd(from.Names[code]);
        }

        to.AppendCode(code == NameColumn.NullCode ? NameColumn.NullCode : codes[code]);
    }
}
