using System.Buffers;
using System.Buffers.Binary;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.State;

/// <summary>
/// Writes keys as bytes that stand for themselves; whoever stores them guards them with a checksum. All numbers are
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

    private readonly StateShard[] _shards;
    private readonly DayCounts _ledger;
    private readonly NameTable _eventTypes;
    private readonly NameTable _channels;
    private readonly bool _onlyChanges;
    private readonly uint[] _eventCodes;      // place in the export + 1 by code + 1; 0 is a null, or not there
    private readonly uint[] _channelCodes;
    private readonly List<int> _eventNames = [];
    private readonly List<int> _channelNames = [];
    private long _entryCount;
    private long _textBytes;

    public StateExport(StateShard[] shards, DayCounts ledger, NameTable eventTypes, NameTable channels, bool onlyChanges)
    {
        _shards = shards;
        _ledger = ledger;
        _eventTypes = eventTypes;
        _channels = channels;
        _onlyChanges = onlyChanges;
        _eventCodes = new uint[eventTypes.Count + 1];
        _channelCodes = new uint[channels.Count + 1];
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
        foreach (StateShard shard in _shards)
        {
            WriteEntries(destination, shard);
        }

        foreach (StateShard shard in _shards)
        {
            int count = Count(shard);
            for (int n = 0; n < count && _textBytes > 0; n++)
            {
                destination.Write(shard.Text(shard[Index(shard, n)]));
            }
        }
    }

    private int Count(StateShard shard) => _onlyChanges ? shard.ChangedCount : shard.Count;

    private int Index(StateShard shard, int n) => _onlyChanges ? shard.Changed(n) : n;

    /// <summary>Finds the names that occur, and how much there will be.</summary>
    private void Survey()
    {
        foreach (StateShard shard in _shards)
        {
            int count = Count(shard);
            _entryCount += count;
            for (int n = 0; n < count; n++)
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
        var days = new List<(int Day, long Messages, long Corrupted)>();
        for (int i = 0; i < _ledger.Count; i++)
        {
            days.Add(_ledger[i]);
        }

        days.Sort();
        WriteUInt32(destination, (uint)days.Count);
        foreach ((int day, long messages, long corrupted) in days)
        {
            WriteUInt32(destination, (uint)day);
            WriteInt64(destination, messages);
            WriteInt64(destination, corrupted);
        }
    }

    private static void WriteNames(IBufferWriter<byte> destination, NameTable table, List<int> codes)
    {
        WriteUInt32(destination, (uint)codes.Count);
        foreach (int code in codes)
        {
            WriteUInt32(destination, (uint)table[code].Length);
            destination.Write(table[code]);
        }
    }

    private void WriteEntries(IBufferWriter<byte> destination, StateShard shard)
    {
        int count = Count(shard);
        for (int start = 0; start < count; start += EntriesAtOnce)
        {
            int end = Math.Min(count, start + EntriesAtOnce);
            int length = (end - start) * FirstOccurrence.Bytes;
            Span<byte> to = destination.GetSpan(length);
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

            destination.Advance(length);
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
