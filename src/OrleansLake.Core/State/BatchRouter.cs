using OrleansLake.Core.Messages;

namespace OrleansLake.Core.State;

/// <summary>Works out which of a batch's messages take part, and in which shard each of these belongs.</summary>
/// <param name="eventTypes">The state's names of event types, to which new ones are added.</param>
/// <param name="channels">The state's names of channels, to which new ones are added.</param>
internal sealed class BatchRouter(NameTable eventTypes, NameTable channels)
{
    /// <summary>Fills in what all shards need of a batch.</summary>
    /// <param name="batch">The messages.</param>
    /// <param name="days">One local day a message.</param>
    /// <param name="into">Has been reset to the batch.</param>
    /// <exception cref="ArgumentException">A day is not one of its timestamp in any time zone.</exception>
    public void Route(MessageBatch batch, ReadOnlySpan<int> days, PreparedBatch into)
    {
        PrepareDays(batch, days, into.DayShifts);
        Tell(batch, days, into);
        Scatter(into);
    }

    private static void PrepareDays(MessageBatch batch, ReadOnlySpan<int> days, Span<byte> dayShifts)
    {
        ReadOnlySpan<long> timestamps = batch.Timestamps.Values;
        bool hasNulls = batch.Timestamps.NullCount != 0;
        for (int row = 0; row < days.Length; row++)
        {
            int shift = FirstOccurrence.DayShiftOf(days[row], timestamps[row]);
            if (shift < 0 || (hasNulls && shift != 0 && batch.Timestamps.IsNull(row)))
            {
                throw new ArgumentException($"Day {days[row]} is not a date of the timestamp {timestamps[row]}.", nameof(days));
            }

            dayShifts[row] = (byte)shift;
        }
    }

    /// <summary>Separates corrupted messages from others, hashes the others' ids, and counts both by day.</summary>
    private void Tell(MessageBatch batch, ReadOnlySpan<int> days, PreparedBatch into)
    {
        ReadOnlySpan<int> eventCodes = batch.EventTypes.Codes;
        ReadOnlySpan<int> channelCodes = batch.Channels.Codes;
        ReadOnlySpan<MessageIdKind> kinds = batch.MessageIds.Kinds;
        ReadOnlySpan<MessageIdBits> ids = batch.MessageIds.Bits;
        Span<int> eventMap = into.EventTypes.Codes;
        Span<int> channelMap = into.Channels.Codes;
        Span<byte> isCorrupted = into.Corrupted;
        Span<ulong> hashes = into.RowHashes;
        DayCounts ledger = into.LedgerDays;
        Span<int> shardCounts = stackalloc int[LakeState.ShardCount];
        shardCounts.Clear();
        int corruptedCount = 0;
        for (int row = 0; row < days.Length; row++)
        {
            int code = eventMap[eventCodes[row] + 1];
            if (code == NameMapping.Unknown)
            {
                code = eventMap[eventCodes[row] + 1] = EventTypeCode(batch.EventTypes, eventCodes[row]);
            }

            if (code == NameMapping.Corrupted)
            {
                isCorrupted[row] = 1;
                corruptedCount++;
                ledger.Add(days[row], 0, 1);
                continue;
            }

            ref int channel = ref channelMap[channelCodes[row] + 1];
            if (channel == NameMapping.Unknown)
            {
                channel = channelCodes[row] == NameColumn.NullCode ? NameColumn.NullCode : channels.GetOrAdd(batch.Channels.Names[channelCodes[row]]);
            }

            isCorrupted[row] = 0;
            ledger.Add(days[row], 1, 0);
            ulong hash = kinds[row] == MessageIdKind.Uuid ? StableHash.OfBits(ids[row].High, ids[row].Low) : batch.MessageIds.Hash(row);
            hashes[row] = hash;
            shardCounts[LakeState.ShardOf(hash)]++;
        }

        into.CorruptedCount = corruptedCount;
        for (int shard = 0; shard < LakeState.ShardCount; shard++)
        {
            into.ShardStarts[shard + 1] = into.ShardStarts[shard] + shardCounts[shard];
        }
    }

    private int EventTypeCode(NameColumn column, int code)
    {
        if (code == NameColumn.NullCode)
        {
            return NameMapping.Corrupted;
        }

        ReadOnlySpan<byte> name = column.Names[code];
        return Corruption.IsCorrupted(name, isNull: false) ? NameMapping.Corrupted : eventTypes.GetOrAdd(name);
    }

    private static void Scatter(PreparedBatch into)
    {
        Span<int> next = stackalloc int[LakeState.ShardCount];
        into.ShardStarts.AsSpan(0, LakeState.ShardCount).CopyTo(next);
        ReadOnlySpan<byte> isCorrupted = into.IsCorrupted;
        ReadOnlySpan<ulong> hashes = into.RowHashes;
        Span<int> rows = into.ShardRows;
        Span<ulong> shardHashes = into.ShardHashes;
        for (int row = 0; row < isCorrupted.Length; row++)
        {
            if (isCorrupted[row] == 0)
            {
                int at = next[LakeState.ShardOf(hashes[row])]++;
                rows[at] = row;
                shardHashes[at] = hashes[row];
            }
        }
    }
}
