using OrleansLake.Core.Messages;

namespace OrleansLake.Core.State;

/// <summary>
/// A fingerprint of all first occurrences, whatever the order in which a state came to know them: equal states have
/// equal ones, and of different ones one in 2^64 pairs does.
/// </summary>
/// <param name="Keys">The number of keys.</param>
/// <param name="Sum">The sum of their hashes.</param>
public readonly record struct StateDigest(long Keys, ulong Sum)
{
    internal static StateDigest Of(IReadOnlyList<StateShard> shards, NameTable eventTypes, NameTable channels)
    {
        ulong[] eventHashes = Hashes(eventTypes);
        ulong[] channelHashes = Hashes(channels);
        long keys = 0;
        ulong sum = 0;
        foreach (StateShard shard in shards)
        {
            keys += shard.Count;
            for (int i = 0; i < shard.Count; i++)
            {
                ref readonly FirstOccurrence entry = ref shard[i];

                // A text's second half is its place in memory; its first is the text's hash.
                ulong hash = StableHash.OfBits(entry.IdHigh, entry.Kind == MessageIdKind.Text ? 0 : entry.IdLow);
                hash = StableHash.OfBits(hash ^ (ulong)entry.Kind, eventHashes[entry.EventBits & FirstOccurrence.CodeMask]);
                hash = StableHash.OfBits(hash, channelHashes[entry.ChannelBits]);
                hash = StableHash.OfBits(hash, (ulong)entry.Timestamp);
                hash = StableHash.OfBits(hash, entry.OffsetBits & ~(ulong)FirstOccurrence.Touched);
                sum += StableHash.OfBits(hash, ((ulong)(uint)entry.UserId << 32) | (uint)entry.CountryId);
            }
        }

        return new StateDigest(keys, sum);
    }

    // By code + 1; 0 is a null.
    private static ulong[] Hashes(NameTable names)
    {
        ulong[] hashes = new ulong[names.Count + 1];
        for (int code = 0; code < names.Count; code++)
        {
            hashes[code + 1] = StableHash.OfText(names[code]);
        }

        return hashes;
    }
}
