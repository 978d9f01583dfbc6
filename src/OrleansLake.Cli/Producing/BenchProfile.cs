using System.Buffers.Text;
using System.Numerics;
using OrleansLake.Core.Messages;

namespace OrleansLake.Cli.Producing;

/// <summary>
/// Messages to measure with: 30 % repeat an earlier deduplication key, 2 of 7 are corrupted, 16 % as many message
/// ids (UUIDs) as messages, 30 dates, 100,000 users of whom few send most. Every message is a function of the seed
/// and its number, so that memory does not grow with their count.
/// </summary>
/// <remarks>
/// Of each 10 messages 7 bring a new key and 3 repeat one from anywhere before, at another time. 35 keys share 8
/// message ids; the events of an id lie within some 3,200 messages.
/// </remarks>
internal sealed class BenchProfile : IMessageProfile
{
    private const int BlockMessages = 10;
    private const int BlockKeys = 7;
    private const int GroupKeys = 35;
    private const int GroupIds = 8;
    private const int WindowKeys = GroupKeys * 64;
    private const int WindowStep = 1_387;       // coprime to WindowKeys, near its golden section
    private const int Users = 100_000;
    private const int UserStep = 38_699;        // coprime to Users: the busiest users' numbers are not neighbours
    private const int Dates = 30;
    private const int DateSlots = 4096;
    private const long DayMicros = 86_400_000_000;
    private const long RepeatMicrosMax = 36 * 3_600_000_000L;

    private static readonly long FirstDayMicros =
        new DateTimeOffset(2024, 11, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1000;

    private static readonly byte[][] EventTypes =
        ["OPEN"u8.ToArray(), "RECEIVED"u8.ToArray(), "SENT"u8.ToArray(), "CREATED"u8.ToArray(), "CLICKED"u8.ToArray(), [], "NONE"u8.ToArray()];

    private const int EmptyEventType = 5;

    private static readonly byte[][] Channels =
        ["CHAT"u8.ToArray(), "EMAIL"u8.ToArray(), "SMS"u8.ToArray(), "PUSH"u8.ToArray(), "OTHER"u8.ToArray()];

    private static ReadOnlySpan<byte> Strides => [1, 2, 3, 4, 6, 8, 9, 11];    // coprime to GroupKeys

    /// <summary>The ways to choose the 3 repeats of a block, as bits.</summary>
    private static readonly ushort[] RepeatMasks =
        [.. Enumerable.Range(0, 1 << BlockMessages).Where(mask => BitOperations.PopCount((uint)mask) == BlockMessages - BlockKeys).Select(mask => (ushort)mask)];

    private readonly byte[] _dates = UnevenDates();
    private readonly ulong _blocks;
    private readonly ulong _repeats;
    private readonly ulong _ids;
    private readonly ulong _idChoices;
    private readonly ulong _keyTimes;
    private readonly ulong _messages;

    public BenchProfile(long seed)
    {
        _blocks = PositionalRandom.Bits((ulong)seed, 0);
        _repeats = PositionalRandom.Bits((ulong)seed, 1);
        _ids = PositionalRandom.Bits((ulong)seed, 2);
        _idChoices = PositionalRandom.Bits((ulong)seed, 3);
        _keyTimes = PositionalRandom.Bits((ulong)seed, 4);
        _messages = PositionalRandom.Bits((ulong)seed, 5);
    }

    public void Fill(MessageBatch batch, long first, int count)
    {
        Span<int> eventTypes = stackalloc int[EventTypes.Length];
        Span<int> channels = stackalloc int[Channels.Length];
        Register(batch.EventTypes, EventTypes, eventTypes);
        Register(batch.Channels, Channels, channels);
        for (long number = first; number < first + count; number++)
        {
            Append(batch, (ulong)number, eventTypes, channels);
        }
    }

    private void Append(MessageBatch batch, ulong number, ReadOnlySpan<int> eventTypes, ReadOnlySpan<int> channels)
    {
        (ulong block, ulong place) = Math.DivRem(number, (ulong)BlockMessages);
        uint mask = RepeatMasks[PositionalRandom.Below(PositionalRandom.Bits(_blocks, block), (ulong)RepeatMasks.Length)];
        uint before = (1u << (int)place) - 1;
        ulong keysBefore = (BlockKeys * block) + (ulong)BitOperations.PopCount(~mask & before);
        bool isRepeat = (mask >> (int)place & 1) != 0;
        ulong key = isRepeat ? PositionalRandom.Below(PositionalRandom.Bits(_repeats, number), keysBefore) : keysBefore;

        (ulong window, ulong inWindow) = Math.DivRem(key, (ulong)WindowKeys);
        ulong spread = (window * WindowKeys) + (inWindow * WindowStep % WindowKeys);
        (ulong group, ulong inGroup) = Math.DivRem(spread, (ulong)GroupKeys);
        ulong id = (group * GroupIds) + (inGroup % GroupIds);
        ulong choice = PositionalRandom.Bits(_idChoices, id);
        ulong combination = ((choice & 0xFFFF) + (inGroup / GroupIds * Strides[(int)(choice >> 16 & 7)])) % GroupKeys;
        (ulong channel, ulong eventType) = Math.DivRem(combination, (ulong)EventTypes.Length);

        ulong bits = PositionalRandom.Bits(_messages, number);
        batch.Timestamps.Append(isRepeat ? RepeatTime(key, bits) : KeyTime(key));
        AppendNumber(batch.Values, number);
        bool isNull = eventType == EmptyEventType && (choice >> 20 & 1) != 0;
        batch.EventTypes.AppendCode(isNull ? NameColumn.NullCode : eventTypes[(int)eventType]);
        batch.MessageIds.AppendUuid(PositionalRandom.Uuid(_ids, id));
        batch.Channels.AppendCode(channels[(int)channel]);
        batch.CountryIds.Append(2000 + (int)(bits & 15));
        double unit = PositionalRandom.Unit(bits);
        int rank = (int)(Users * unit * unit * unit);
        batch.UserIds.Append(1 + (int)((long)rank * UserStep % Users));
    }

    private long KeyTime(ulong key)
    {
        ulong bits = PositionalRandom.Bits(_keyTimes, key);
        int date = _dates[bits & (DateSlots - 1)];
        // The sum of two even numbers: busy at noon, quiet at midnight.
        long ofDay = (long)((PositionalRandom.Unit(bits) + PositionalRandom.Unit(bits * 0xD1342543DE82EF95)) * (DayMicros / 2));
        return FirstDayMicros + (date * DayMicros) + ofDay;
    }

    private long RepeatTime(ulong key, ulong bits)
    {
        long time = KeyTime(key);
        if ((bits & 0x3F0) == 0)
        {
            return time;
        }

        double unit = PositionalRandom.Unit(bits * 0xDA942042E4DD58B5);
        long distance = (long)(unit * unit * RepeatMicrosMax);
        long moved = PositionalRandom.Below(bits, 3) == 0 ? time - distance : time + distance;
        bool isInside = moved >= FirstDayMicros && moved < FirstDayMicros + (Dates * DayMicros);
        return isInside ? moved : (2 * time) - moved;
    }

    private static void AppendNumber(TextColumn column, ulong number)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, text, out int length);
        column.Append(text[..length]);
    }

    private static void Register(NameColumn column, byte[][] names, Span<int> codes)
    {
        for (int i = 0; i < names.Length; i++)
        {
            codes[i] = column.Names.GetOrAdd(names[i]);
        }
    }

    /// <summary>Returns a date for each slot: weekends are quiet, and the month grows busier.</summary>
    private static byte[] UnevenDates()
    {
        double[] weights = [.. Enumerable.Range(0, Dates).Select(day => (day % 7 is 1 or 2 ? 0.35 : 1.0) * (1 + (day * 0.05)))];
        double whole = weights.Sum();
        byte[] slots = new byte[DateSlots];
        double end = 0;
        int slot = 0;
        for (int day = 0; day < Dates; day++)
        {
            end += weights[day];
            while (slot < DateSlots && slot < end / whole * DateSlots)
            {
                slots[slot++] = (byte)day;
            }
        }

        slots.AsSpan(slot).Fill(Dates - 1);
        return slots;
    }
}
