using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Checking;

/// <summary>Hashes of a batch's rows over all columns, those of what is kept included, and the offset: a row of silver has that of its row of bronze.</summary>
internal readonly ref struct RowFingerprint
{
    private const ulong Null = 0x9E37_79B9_7F4A_7C15;

    private readonly MessageBatch _batch;
    private readonly ulong[] _eventTypes;
    private readonly ulong[] _channels;
    private readonly ulong[]? _countries;
    private readonly ulong[]? _users;

    internal RowFingerprint(MessageBatch batch)
    {
        _batch = batch;
        _eventTypes = Hashes(batch.EventTypes.Names);
        _channels = Hashes(batch.Channels.Names);
        _countries = batch.CountryIds.Names is { } countries ? Hashes(countries) : null;
        _users = batch.UserIds.Names is { } users ? Hashes(users) : null;
    }

    internal ulong Of(int row, long offset)
    {
        ulong id = _batch.MessageIds.Kinds[row] switch
        {
            MessageIdKind.Null => Null,
            _ => _batch.MessageIds.Hash(row),
        };
        ulong hash = StableHash.OfBits((ulong)offset, id);
        hash = StableHash.OfBits(hash, _batch.Timestamps.IsNull(row) ? Null : (ulong)_batch.Timestamps.Values[row]);
        hash = StableHash.OfBits(hash, _batch.Values.IsNull(row) ? Null : StableHash.OfText(_batch.Values[row]));
        hash = StableHash.OfBits(hash ^ _eventTypes[_batch.EventTypes.Codes[row] + 1], _channels[_batch.Channels.Codes[row] + 1] + 1);
        hash = StableHash.OfBits(hash, Id(_batch.CountryIds, _countries, row));
        hash = StableHash.OfBits(hash, Id(_batch.UserIds, _users, row));
        return _batch.Kept is { } kept ? Of(kept, row, hash) : hash;
    }

    // A row without any of it has the fingerprint that it has in a file without the columns.
    private static ulong Of(KeptColumns kept, int row, ulong hash)
    {
        hash = kept.Attributes.IsNull(row) ? hash : StableHash.OfBits(hash, StableHash.OfText(kept.Attributes[row]));
        hash = kept.Sources.IsNull(row) ? hash : StableHash.OfBits(hash + 1, StableHash.OfText(kept.Sources[row]));
        return kept.SourceOffsets.IsNull(row) ? hash : StableHash.OfBits(hash + 2, (ulong)kept.SourceOffsets.Values[row]);
    }

    private static ulong Id(IdColumn column, ulong[]? hashes, int row) => column.IsNull(row) ? Null : hashes is null ? (uint)column.Values[row] : hashes[column.Values[row] + 1];

    // By code + 1; 0 is a null.
    private static ulong[] Hashes(NameTable names)
    {
        ulong[] hashes = new ulong[names.Count + 1];
        hashes[0] = Null;
        for (int code = 0; code < names.Count; code++)
        {
            hashes[code + 1] = StableHash.OfText(names[code]);
        }

        return hashes;
    }
}
