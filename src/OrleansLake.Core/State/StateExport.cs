using System.Buffers;
using System.Buffers.Binary;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Core.State;

/// <summary>
/// Writes keys as bytes that stand for themselves; the store guards them with a checksum. All numbers are
/// little-endian:
/// <code>
/// magic "OLS1", or "OLS2" where ids are names
/// days       count (4), then each: day (4), messages (8), corrupted (8); ascending
/// event types, channels
///            each: count (4), then each name: length (4), UTF-8
/// users, countries
///            in "OLS2": each the type of the ids (1), see <see cref="IdType"/>, and if it is not that of numbers of 32 bits, names
///            as above; a number of 64 bits is the 8 bytes of an <see cref="IdColumn"/>'s name
/// entries    count (8), bytes of text (8), then each 48 bytes, laid out as <see cref="FirstOccurrence"/>; the codes
///            are places in the lists of names above (of event types and channels + 1, 0 for a null), and a text's IdLow is its length
/// texts      of the entries that have one, one after the other
/// </code>
/// </summary>
internal sealed class StateExport
{
    public const uint Magic = 0x31534C4F;
    public const uint NamedIdsMagic = 0x32534C4F;

    private const int EntriesAtOnce = 1024;

    private readonly ShardCut[] _shards;
    private readonly (int Day, long Messages, long Corrupted)[] _days;
    private readonly IdTypes _ids;
    private readonly bool _onlyChanges;
    private readonly Action<Action> _exclusively;
    private readonly ExportedNames _eventTypes;
    private readonly ExportedNames _channels;
    private readonly ExportedNames? _users;
    private readonly ExportedNames? _countries;
    private long _entryCount;
    private long _textBytes;

    /// <param name="shards">The shards at one moment.</param>
    /// <param name="days">The ledger at that moment: messages and corrupted ones of each day.</param>
    /// <param name="names">The names; later ones may have been added.</param>
    /// <param name="onlyChanges">All entries, or those that were changed.</param>
    /// <param name="exclusively">Runs a step that reads shards and names while no other call on the state is under way; never one in which bytes go to their destination.</param>
    public StateExport(
        ShardCut[] shards, (int Day, long Messages, long Corrupted)[] days, FieldNames names, bool onlyChanges, Action<Action> exclusively)
    {
        _shards = shards;
        _days = days;
        _ids = names.Ids;
        _onlyChanges = onlyChanges;
        _exclusively = exclusively;
        (int eventTypes, int channels, int users, int countries) = (0, 0, 0, 0);
        exclusively(() => (eventTypes, channels, users, countries) = (names.EventTypes.Count, names.Channels.Count, names.Users?.Count ?? 0, names.Countries?.Count ?? 0));
        _eventTypes = new ExportedNames(names.EventTypes, eventTypes);
        _channels = new ExportedNames(names.Channels, channels);
        _users = names.Users is null ? null : new ExportedNames(names.Users, users);
        _countries = names.Countries is null ? null : new ExportedNames(names.Countries, countries);
    }

    public void Write(IBufferWriter<byte> destination)
    {
        WriteUInt32(destination, _ids.AreDefault ? Magic : NamedIdsMagic);
        WriteLedger(destination);
        Survey();
        _eventTypes.Write(destination, _exclusively);
        _channels.Write(destination, _exclusively);
        if (!_ids.AreDefault)
        {
            WriteIds(destination, _ids.User, _users);
            WriteIds(destination, _ids.Country, _countries);
        }

        WriteInt64(destination, _entryCount);
        WriteInt64(destination, _textBytes);
        foreach (ShardCut shard in _shards)
        {
            WriteEntries(destination, shard);
        }

        foreach (ShardCut shard in _textBytes > 0 ? _shards : [])
        {
            WriteTexts(destination, shard);
        }
    }

    private int Count(ShardCut shard) => _onlyChanges ? shard.ChangedCount : shard.Count;

    private int Index(ShardCut shard, int n) => _onlyChanges ? shard.Changed(n) : n;

    /// <summary>Finds the names that occur, and how much there will be.</summary>
    private void Survey()
    {
        foreach (ShardCut shard in _shards)
        {
            int count = Count(shard);
            _entryCount += count;
            for (int start = 0; start < count; start += EntriesAtOnce)
            {
                (int from, int end) = (start, Math.Min(count, start + EntriesAtOnce));
                _exclusively(() => Survey(shard, from, end));
            }
        }
    }

    private void Survey(ShardCut shard, int start, int end)
    {
        for (int n = start; n < end; n++)
        {
            ref readonly FirstOccurrence entry = ref shard[Index(shard, n)];
            _eventTypes.Note(entry.EventBits & FirstOccurrence.CodeMask);
            _channels.Note(entry.ChannelBits);
            _users?.Note(CodeOf(entry, entry.UserId, FirstOccurrence.NullUser));
            _countries?.Note(CodeOf(entry, entry.CountryId, FirstOccurrence.NullCountry));
            if (entry.Kind == MessageIdKind.Text)
            {
                _textBytes += shard.Text(entry).Length;
            }
        }
    }

    // An id's code + 1; 0 for a null.
    private static uint CodeOf(in FirstOccurrence entry, int code, int nullFlag) => (entry.Flags & nullFlag) != 0 ? 0 : (uint)code + 1;

    // An id in the export: a null's is 0, as that of the first name.
    private static int IdOf(in FirstOccurrence entry, int id, int nullFlag, ExportedNames? names) =>
        names is null || (entry.Flags & nullFlag) != 0 ? id : (int)names[(uint)id + 1] - 1;

    private void WriteIds(IBufferWriter<byte> destination, IdType type, ExportedNames? names)
    {
        destination.Write([(byte)type]);
        names?.Write(destination, _exclusively);
    }

    private void WriteLedger(IBufferWriter<byte> destination)
    {
        Array.Sort(_days, static (a, b) => a.Day.CompareTo(b.Day));
        WriteUInt32(destination, (uint)_days.Length);
        foreach ((int day, long messages, long corrupted) in _days)
        {
            WriteUInt32(destination, (uint)day);
            WriteInt64(destination, messages);
            WriteInt64(destination, corrupted);
        }
    }

    private void WriteTexts(IBufferWriter<byte> destination, ShardCut shard)
    {
        var texts = new ArrayBufferWriter<byte>();
        int count = Count(shard);
        for (int start = 0; start < count; start += EntriesAtOnce)
        {
            (int from, int end) = (start, Math.Min(count, start + EntriesAtOnce));
            _exclusively(() =>
            {
                for (int n = from; n < end; n++)
                {
                    texts.Write(shard.Text(shard[Index(shard, n)]));
                }
            });
            destination.Write(texts.WrittenSpan);
            texts.ResetWrittenCount();
        }
    }

    private void WriteEntries(IBufferWriter<byte> destination, ShardCut shard)
    {
        int count = Count(shard);
        for (int start = 0; start < count; start += EntriesAtOnce)
        {
            (int from, int end) = (start, Math.Min(count, start + EntriesAtOnce));
            int length = (end - start) * FirstOccurrence.Bytes;
            Memory<byte> to = destination.GetMemory(length);
            _exclusively(() => CopyEntries(shard, from, end, to.Span));
            destination.Advance(length);
        }
    }

    private void CopyEntries(ShardCut shard, int start, int end, Span<byte> to)
    {
        for (int n = start; n < end; n++)
        {
            ref readonly FirstOccurrence entry = ref shard[Index(shard, n)];
            ulong idLow = entry.Kind == MessageIdKind.Text ? (ulong)shard.Text(entry).Length : entry.IdLow;
            uint eventBits = (entry.EventBits & ~FirstOccurrence.CodeMask) | _eventTypes[entry.EventBits & FirstOccurrence.CodeMask];
            BinaryPrimitives.WriteUInt64LittleEndian(to, entry.IdHigh);
            BinaryPrimitives.WriteUInt64LittleEndian(to[8..], idLow);
            BinaryPrimitives.WriteInt64LittleEndian(to[16..], entry.Timestamp);
            BinaryPrimitives.WriteUInt64LittleEndian(to[24..], entry.OffsetBits & ~(ulong)FirstOccurrence.Touched);
            BinaryPrimitives.WriteInt32LittleEndian(to[32..], IdOf(entry, entry.UserId, FirstOccurrence.NullUser, _users));
            BinaryPrimitives.WriteInt32LittleEndian(to[36..], IdOf(entry, entry.CountryId, FirstOccurrence.NullCountry, _countries));
            BinaryPrimitives.WriteUInt32LittleEndian(to[40..], eventBits);
            BinaryPrimitives.WriteUInt32LittleEndian(to[44..], _channels[entry.ChannelBits]);
            to = to[FirstOccurrence.Bytes..];
        }
    }

    private static void WriteUInt32(IBufferWriter<byte> destination, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination.GetSpan(sizeof(uint)), value);
        destination.Advance(sizeof(uint));
    }

    private static void WriteInt64(IBufferWriter<byte> destination, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination.GetSpan(sizeof(long)), value);
        destination.Advance(sizeof(long));
    }
}
