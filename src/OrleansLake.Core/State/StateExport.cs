using System.Buffers;
using System.Buffers.Binary;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.State;

/// <summary>
/// Writes keys as bytes that stand for themselves; the store guards them with a checksum. All numbers are
/// little-endian:
/// <code>
/// magic "OLS1"
/// days       count (4), then each: day (4), messages (8), corrupted (8); ascending
/// event types, channels
///            each: count (4), then each name: length (4), UTF-8
/// entries    count (8), bytes of text (8), then each 48 bytes, laid out as <see cref="FirstOccurrence"/>; the codes
///            are places in the lists of names above, and a text's IdLow is its length
/// texts      of the entries that have one, one after the other
/// </code>
/// </summary>
internal sealed class StateExport
{
    public const uint Magic = 0x31534C4F;

    private const int EntriesAtOnce = 1024;

    private readonly ShardCut[] _shards;
    private readonly (int Day, long Messages, long Corrupted)[] _days;
    private readonly NameTable _eventTypes;
    private readonly NameTable _channels;
    private readonly bool _onlyChanges;
    private readonly Action<Action> _exclusively;
    private readonly uint[] _eventCodes;      // place in the export + 1 by code + 1; 0 is a null, or not there
    private readonly uint[] _channelCodes;
    private readonly List<int> _eventNames = [];
    private readonly List<int> _channelNames = [];
    private long _entryCount;
    private long _textBytes;

    /// <param name="shards">The shards at one moment.</param>
    /// <param name="days">The ledger at that moment: messages and corrupted ones of each day.</param>
    /// <param name="eventTypes">The names; later ones may have been added.</param>
    /// <param name="channels">The names; later ones may have been added.</param>
    /// <param name="onlyChanges">All entries, or those that were changed.</param>
    /// <param name="exclusively">Runs a step that reads shards and names while no other call on the state is under way; never one in which bytes go to their destination.</param>
    public StateExport(
        ShardCut[] shards, (int Day, long Messages, long Corrupted)[] days, NameTable eventTypes, NameTable channels, bool onlyChanges, Action<Action> exclusively)
    {
        _shards = shards;
        _days = days;
        _eventTypes = eventTypes;
        _channels = channels;
        _onlyChanges = onlyChanges;
        _exclusively = exclusively;
        (int eventTypeCount, int channelCount) = (0, 0);
        exclusively(() => (eventTypeCount, channelCount) = (eventTypes.Count, channels.Count));
        _eventCodes = new uint[eventTypeCount + 1];
        _channelCodes = new uint[channelCount + 1];
    }

    public void Write(IBufferWriter<byte> destination)
    {
        WriteUInt32(destination, Magic);
        WriteLedger(destination);
        Survey();
        WriteNames(destination, _eventTypes, _eventNames);
        WriteNames(destination, _channels, _channelNames);
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
            Note(_eventCodes, _eventNames, entry.EventBits & FirstOccurrence.CodeMask);
            Note(_channelCodes, _channelNames, entry.ChannelBits);
            if (entry.Kind == MessageIdKind.Text)
            {
                _textBytes += shard.Text(entry).Length;
            }
        }
    }

    private static void Note(uint[] places, List<int> names, uint code)
    {
        if (code != 0 && places[code] == 0)
        {
            names.Add((int)code - 1);
            places[code] = (uint)names.Count;
        }
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

    private void WriteNames(IBufferWriter<byte> destination, NameTable table, List<int> codes)
    {
        var names = new ArrayBufferWriter<byte>();
        WriteUInt32(names, (uint)codes.Count);
        _exclusively(() =>
        {
            foreach (int code in codes)
            {
                WriteUInt32(names, (uint)table[code].Length);
                names.Write(table[code]);
            }
        });
        destination.Write(names.WrittenSpan);
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
            uint eventBits = (entry.EventBits & ~FirstOccurrence.CodeMask) | _eventCodes[entry.EventBits & FirstOccurrence.CodeMask];
            BinaryPrimitives.WriteUInt64LittleEndian(to, entry.IdHigh);
            BinaryPrimitives.WriteUInt64LittleEndian(to[8..], idLow);
            BinaryPrimitives.WriteInt64LittleEndian(to[16..], entry.Timestamp);
            BinaryPrimitives.WriteUInt64LittleEndian(to[24..], entry.OffsetBits & ~(ulong)FirstOccurrence.Touched);
            BinaryPrimitives.WriteInt32LittleEndian(to[32..], entry.UserId);
            BinaryPrimitives.WriteInt32LittleEndian(to[36..], entry.CountryId);
            BinaryPrimitives.WriteUInt32LittleEndian(to[40..], eventBits);
            BinaryPrimitives.WriteUInt32LittleEndian(to[44..], _channelCodes[entry.ChannelBits]);
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
