using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Core.State;

/// <summary>Works out which of a batch's messages take part, and in which shard each of these belongs.</summary>
/// <param name="names">The state's names, to which new ones are added.</param>
internal sealed class BatchRouter(FieldNames names)
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
        if (names.Users is not null)
        {
            into.UserCodes = CodesOf(batch.UserIds, into.IsCorrupted, names.Users);
        }

        if (names.Countries is not null)
        {
            into.CountryCodes = CodesOf(batch.CountryIds, into.IsCorrupted, names.Countries);
        }
    }

    // The state's codes by row: 0 for nulls and for corrupted messages, which do not take part.
    private static int[] CodesOf(IdColumn column, ReadOnlySpan<byte> isCorrupted, NameTable into)
    {
        int[] codes = new int[column.Count];
        if (column.Names is not { } own)
        {
            return column.NullCount == column.Count ? codes : throw new ArgumentException("The ids are not of the type that the state has.", nameof(column));
        }

        int[] known = new int[own.Count];    // code + 1; 0 is unknown
        ReadOnlySpan<int> ownCodes = column.Values;
        for (int row = 0; row < codes.Length; row++)
        {
            if (isCorrupted[row] != 0 || column.IsNull(row))
            {
                continue;
            }

            ref int code = ref known[ownCodes[row]];
            code = code == 0 ? into.GetOrAdd(own[ownCodes[row]]) + 1 : code;
            codes[row] = code - 1;
        }

        return codes;
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
                channel = channelCodes[row] == NameColumn.NullCode ? NameColumn.NullCode : names.Channels.GetOrAdd(batch.Channels.Names[channelCodes[row]]);
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
        return Corruption.IsCorrupted(name, isNull: false) ? NameMapping.Corrupted : names.EventTypes.GetOrAdd(name);
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
