using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Checking;

/// <summary>Hashes of a batch's rows over all seven columns and the offset: a row of silver has that of its row of bronze.</summary>
internal readonly ref struct RowFingerprint
{
    private const ulong Null = 0x9E37_79B9_7F4A_7C15;

    private readonly MessageBatch _batch;
    private readonly ulong[] _eventTypes;
    private readonly ulong[] _channels;

    internal RowFingerprint(MessageBatch batch)
    {
        _batch = batch;
        _eventTypes = Hashes(batch.EventTypes.Names);
        _channels = Hashes(batch.Channels.Names);
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
        hash = StableHash.OfBits(hash, Number(_batch.CountryIds, row));
        return StableHash.OfBits(hash, Number(_batch.UserIds, row));
    }

    private static ulong Number(NumberColumn<int> column, int row) => column.IsNull(row) ? Null : (uint)column.Values[row];

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
