using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Core.State;

/// <summary>Reads what <see cref="StateExport"/> wrote. Nothing is believed: what could not have been written is damage.</summary>
internal ref struct StateImport
{
    private const int AheadEntries = 16;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly FieldNames _names;
    private int[] _eventCodes = [];      // the state's codes by place in the export
    private int[] _channelCodes = [];
    private int[]? _userCodes;           // null where they are numbers
    private int[]? _countryCodes;
    private int _position;

    public StateImport(ReadOnlySpan<byte> bytes, FieldNames names)
    {
        _bytes = bytes;
        _names = names;
        if (bytes.Length < sizeof(uint) || ReadUInt32() != (names.Ids.AreDefault ? StateExport.Magic : StateExport.NamedIdsMagic))
        {
            Damaged("no state starts here");
        }
    }

    public DayCounts ReadLedger()
    {
        var ledger = new DayCounts();
        int days = ReadCount(bytesEach: 20);
        long last = long.MinValue;
        long sum = 0;
        for (int i = 0; i < days; i++)
        {
            int day = (int)ReadUInt32();
            long messages = ReadInt64();
            long corrupted = ReadInt64();
            if (day <= last || (day != LakeState.NoDay && day is < LakeState.DayMin or > LakeState.DayMax))
            {
                Damaged("the ledger's days are not ascending dates");
            }

            if (messages is < 0 or > FirstOccurrence.OffsetMax || corrupted is < 0 or > FirstOccurrence.OffsetMax
                || (sum += messages + corrupted) > FirstOccurrence.OffsetMax)
            {
                Damaged("the ledger counts more messages than there are offsets");
            }

            ledger.Add(day, messages, corrupted);
            last = day;
        }

        return ledger;
    }

    public void ReadNames()
    {
        _eventCodes = ReadNames(_names.EventTypes, areEventTypes: true);
        _channelCodes = ReadNames(_names.Channels);
        if (!_names.Ids.AreDefault)
        {
            _userCodes = ReadIds(_names.Ids.User, _names.Users);
            _countryCodes = ReadIds(_names.Ids.Country, _names.Countries);
        }
    }

    private int[]? ReadIds(IdType type, NameTable? into)
    {
        Need(1);
        if (_bytes[_position++] != (byte)type)
        {
            Damaged("its ids are of another type than the lake's");
        }

        return into is null ? null : ReadNames(into, areNumbers: type == IdType.Number64);
    }

    public void ReadEntries(StateShard[] shards)
    {
        long count = ReadInt64();
        long textBytes = ReadInt64();
        long left = _bytes.Length - _position;
        if (count < 0 || count > left / FirstOccurrence.Bytes || textBytes != left - (count * FirstOccurrence.Bytes))
        {
            Damaged("the entries do not end where the bytes do");
        }

        foreach (StateShard shard in shards)
        {
            if (shard.Count == 0)
            {
                // Hashes spread evenly: 1/32 more is enough, and no table grows on the way.
                shard.Reserve((int)((count + (count / 32)) / shards.Length));
            }
        }

        ReadOnlySpan<byte> texts = _bytes[^(int)textBytes..];
        for (long i = 0; i < count; i++)
        {
            Prefetch(shards, _position + (AheadEntries * FirstOccurrence.Bytes));
            FirstOccurrence entry = ReadEntry();
            ReadOnlySpan<byte> text = [];
            if (entry.Kind == MessageIdKind.Text)
            {
                if (entry.IdLow > (ulong)texts.Length)
                {
                    Damaged("a message id ends behind the last byte");
                }

                text = texts[..(int)entry.IdLow];
                texts = texts[text.Length..];
                if (entry.IdHigh != StableHash.OfText(text) || UuidText.TryParse(text, out _))
                {
                    Damaged("a message id is not the text that it was");
                }
            }

            ulong idHash = entry.IdHash();
            shards[LakeState.ShardOf(idHash)].Import(entry, text, idHash);
            _position += FirstOccurrence.Bytes;
        }

        if (texts.Length != 0)
        {
            Damaged("there is text that no message id has");
        }
    }

    /// <summary>
    /// Asks memory for the slot of an entry that is read a little later: keys come in no order that a table has. What is
    /// damaged is left to <see cref="ReadEntry"/>.
    /// </summary>
    private readonly void Prefetch(StateShard[] shards, int position)
    {
        if (position < 0 || position > _bytes.Length - FirstOccurrence.Bytes)
        {
            return;
        }

        ReadOnlySpan<byte> from = _bytes.Slice(position, FirstOccurrence.Bytes);
        uint eventBits = BinaryPrimitives.ReadUInt32LittleEndian(from[40..]);
        uint channelBits = BinaryPrimitives.ReadUInt32LittleEndian(from[44..]);
        uint eventIndex = (eventBits & FirstOccurrence.CodeMask) - 1;
        if (eventIndex >= (uint)_eventCodes.Length || channelBits > (uint)_channelCodes.Length)
        {
            return;
        }

        var key = new FirstOccurrence
        {
            IdHigh = BinaryPrimitives.ReadUInt64LittleEndian(from),
            IdLow = BinaryPrimitives.ReadUInt64LittleEndian(from[8..]),
            EventBits = FirstOccurrence.EventBitsOf((MessageIdKind)(eventBits >> 30), _eventCodes[eventIndex]),
            ChannelBits = channelBits == 0 ? 0 : (uint)_channelCodes[channelBits - 1] + 1,
        };
        ulong idHash = key.IdHash();
        shards[LakeState.ShardOf(idHash)].PrefetchSlot(key, idHash);
    }

    private readonly FirstOccurrence ReadEntry()
    {
        ReadOnlySpan<byte> from = _bytes.Slice(_position, FirstOccurrence.Bytes);
        var entry = new FirstOccurrence
        {
            IdHigh = BinaryPrimitives.ReadUInt64LittleEndian(from),
            IdLow = BinaryPrimitives.ReadUInt64LittleEndian(from[8..]),
            Timestamp = BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
            OffsetBits = BinaryPrimitives.ReadUInt64LittleEndian(from[24..]),
            UserId = BinaryPrimitives.ReadInt32LittleEndian(from[32..]),
            CountryId = BinaryPrimitives.ReadInt32LittleEndian(from[36..]),
            EventBits = BinaryPrimitives.ReadUInt32LittleEndian(from[40..]),
            ChannelBits = BinaryPrimitives.ReadUInt32LittleEndian(from[44..]),
        };

        uint eventPlace = entry.EventBits & FirstOccurrence.CodeMask;
        if (entry.Kind > MessageIdKind.Text || (entry.Kind == MessageIdKind.Null && (entry.IdHigh | entry.IdLow) != 0))
        {
            Damaged("a message id is of no known kind");
        }

        if (eventPlace == 0 || eventPlace > (uint)_eventCodes.Length || entry.ChannelBits > (uint)_channelCodes.Length)
        {
            Damaged("an entry has a name that is not listed");
        }

        int flags = entry.Flags;
        if (flags > (FirstOccurrence.NullTimestamp | FirstOccurrence.NullUser | FirstOccurrence.NullCountry)
            || ((flags & FirstOccurrence.NullTimestamp) != 0 && (entry.Timestamp != 0 || entry.DayShift != 0))
            || ((flags & FirstOccurrence.NullUser) != 0 && entry.UserId != 0)
            || ((flags & FirstOccurrence.NullCountry) != 0 && entry.CountryId != 0))
        {
            Damaged("an entry has a value where it says that it has none");
        }

        entry.UserId = IdOf(entry.UserId, (flags & FirstOccurrence.NullUser) != 0, _userCodes);
        entry.CountryId = IdOf(entry.CountryId, (flags & FirstOccurrence.NullCountry) != 0, _countryCodes);

        if (entry.DayShift != 0 && FirstOccurrence.DayShiftOf(entry.Day, entry.Timestamp) != entry.DayShift)
        {
            Damaged("an entry's date is not within the years 0001 to 9999");
        }

        entry.EventBits = FirstOccurrence.EventBitsOf(entry.Kind, _eventCodes[eventPlace - 1]);
        entry.ChannelBits = entry.ChannelBits == 0 ? 0 : (uint)_channelCodes[entry.ChannelBits - 1] + 1;
        return entry;
    }

    private readonly int IdOf(int id, bool isNull, int[]? codes)
    {
        if (isNull || codes is null)
        {
            return id;
        }

        if ((uint)id >= (uint)codes.Length)
        {
            Damaged("an entry has an id that is not listed");
        }

        return codes[id];
    }

    private int[] ReadNames(NameTable into, bool areEventTypes = false, bool areNumbers = false)
    {
        int[] codes = new int[ReadCount(bytesEach: sizeof(uint))];
        for (int place = 0; place < codes.Length; place++)
        {
            uint length = ReadUInt32();
            if (length > _bytes.Length - _position)
            {
                Damaged("a name ends behind the last byte");
            }

            ReadOnlySpan<byte> name = _bytes.Slice(_position, (int)length);
            if (areEventTypes && Corruption.IsCorrupted(name, isNull: false))
            {
                Damaged("a corrupted event type has a first occurrence");
            }

            if (areNumbers && length != IdColumn.NumberNameBytes)
            {
                Damaged("a number is not of 64 bits");
            }

            codes[place] = into.GetOrAdd(name);
            _position += (int)length;
        }

        return codes;
    }

    /// <summary>Returns a count of things that take at least some bytes each, so that a wrong one reserves no memory.</summary>
    private int ReadCount(int bytesEach)
    {
        uint count = ReadUInt32();
        if (count > (_bytes.Length - _position) / bytesEach)
        {
            Damaged("there is more listed than there are bytes");
        }

        return (int)count;
    }

    private uint ReadUInt32()
    {
        Need(sizeof(uint));
        _position += sizeof(uint);
        return BinaryPrimitives.ReadUInt32LittleEndian(_bytes[(_position - sizeof(uint))..]);
    }

    private long ReadInt64()
    {
        Need(sizeof(long));
        _position += sizeof(long);
        return BinaryPrimitives.ReadInt64LittleEndian(_bytes[(_position - sizeof(long))..]);
    }

    private readonly void Need(int count)
    {
        if (_bytes.Length - _position < count)
        {
            Damaged("it ends too early");
        }
    }

    [DoesNotReturn]
    private readonly void Damaged(string what) =>
        throw new CorruptDataException("The state's snapshot", _position, what, "Restore the file from a copy, or make the state again from bronze with 'lake replay'.");
}
