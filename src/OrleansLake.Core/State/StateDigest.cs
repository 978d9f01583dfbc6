using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Core.State;

/// <summary>
/// A fingerprint of all first occurrences, whatever the order in which a state came to know them: equal states have
/// equal ones, and of different ones one in 2^64 pairs does.
/// </summary>
/// <param name="Keys">The number of keys.</param>
/// <param name="Sum">The sum of their hashes.</param>
public readonly record struct StateDigest(long Keys, ulong Sum)
{
    internal static StateDigest Of(IReadOnlyList<StateShard> shards, FieldNames names)
    {
        ulong[] eventHashes = Hashes(names.EventTypes);
        ulong[] channelHashes = Hashes(names.Channels);
        ulong[]? userHashes = names.Users is null ? null : Hashes(names.Users);
        ulong[]? countryHashes = names.Countries is null ? null : Hashes(names.Countries);
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

                // A null's code is 0, and its flag is hashed above.
                ulong user = userHashes is null || (entry.Flags & FirstOccurrence.NullUser) != 0 ? (uint)entry.UserId : userHashes[entry.UserId + 1];
                ulong country = countryHashes is null || (entry.Flags & FirstOccurrence.NullCountry) != 0 ? (uint)entry.CountryId : countryHashes[entry.CountryId + 1];
                sum += StableHash.OfBits(hash, (user << 32) ^ (user >> 32) ^ country);
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
