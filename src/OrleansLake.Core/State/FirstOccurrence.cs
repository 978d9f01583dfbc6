using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Core.State;

/// <summary>
/// The first occurrence of a key: the message that counts. 48 bytes, so that 4 share 3 cache lines:
/// <code>
/// 0  IdHigh      8  a UUID's first half, or a text's hash
/// 8  IdLow       8  a UUID's second half, or a text's place in the shard's arena
/// 16 Timestamp   8  microseconds since 1970; 0 for a null
/// 24 OffsetBits  8  offset (48 bits) | day shift (8) | flags (8)
/// 32 UserId      4  a number or a code; 0 for a null
/// 36 CountryId   4  a number or a code; 0 for a null
/// 40 EventBits   4  kind of id (2 bits) | code of the event type + 1, 0 for a null (30 bits)
/// 44 ChannelBits 4  code of the channel + 1, 0 for a null
/// </code>
/// The day is kept as its distance to the UTC day of the timestamp, + 128; 0 says that there is none.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = Bytes)]
internal struct FirstOccurrence
{
    public const int Bytes = 48;
    public const long OffsetMax = (1L << 48) - 1;
    public const int NullTimestamp = 1;
    public const int NullUser = 2;
    public const int NullCountry = 4;

    /// <summary>
    /// Replaced since the last cut, or since the one before: two bits that take turns, so that a cut need not go through
    /// all that was replaced. Never written.
    /// </summary>
    public const int Touched = TouchedEven | TouchedOdd;

    public const int TouchedEven = 8;
    public const int TouchedOdd = 16;

    public const uint CodeMask = (1u << 30) - 1;

    private const long MicrosecondsPerDay = 86_400_000_000;
    private const int ShiftBias = 128;

    public ulong IdHigh;
    public ulong IdLow;
    public long Timestamp;
    public ulong OffsetBits;
    public int UserId;
    public int CountryId;
    public uint EventBits;
    public uint ChannelBits;

    public readonly MessageIdKind Kind => (MessageIdKind)(EventBits >> 30);

    public readonly long Offset => (long)(OffsetBits >> 16);

    public readonly int Flags => (int)OffsetBits & 0xFF;

    public readonly int DayShift => (int)(OffsetBits >> 8) & 0xFF;

    /// <summary>Gets the local day, or <see cref="LakeState.NoDay"/>.</summary>
    public readonly int Day => DayShift == 0 ? LakeState.NoDay : (int)(UtcDay(Timestamp) + DayShift - ShiftBias);

    public static uint EventBitsOf(MessageIdKind kind, int eventCode) => ((uint)kind << 30) | (uint)(eventCode + 1);

    public static ulong OffsetBitsOf(long offset, int dayShift, int flags) => ((ulong)offset << 16) | ((ulong)(uint)dayShift << 8) | (uint)flags;

    /// <summary>Returns a day as <see cref="DayShift"/> holds it, or -1 if it is not a day of that timestamp in any time zone.</summary>
    public static int DayShiftOf(int day, long timestamp)
    {
        if (day == LakeState.NoDay)
        {
            return 0;
        }

        long shift = day - UtcDay(timestamp);
        return shift is > -ShiftBias and < ShiftBias && day is >= LakeState.DayMin and <= LakeState.DayMax ? (int)shift + ShiftBias : -1;
    }

    /// <summary>Returns whether this comes before another one of its key: by timestamp, a null last, then by offset.</summary>
    public readonly bool IsBefore(in FirstOccurrence other)
    {
        return ComesBefore(OffsetBits & NullTimestamp, Timestamp, Offset, other.OffsetBits & NullTimestamp, other.Timestamp, other.Offset);
    }

    /// <summary>Returns the order of the copies of a key, of which the least counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ComesBefore(ulong isNull, long timestamp, long offset, ulong otherIsNull, long otherTimestamp, long otherOffset) =>
        isNull != otherIsNull ? isNull < otherIsNull
            : timestamp != otherTimestamp ? timestamp < otherTimestamp
            : offset < otherOffset;

    /// <summary>Returns the hash of the key, from the id's hash.</summary>
    public static ulong KeyHash(ulong idHash, uint eventBits, uint channelBits)
    {
        ulong high = Math.BigMul(idHash ^ (((ulong)eventBits << 32) | channelBits), 0x9E3779B97F4A7C15, out ulong low);
        return high ^ low;
    }

    public readonly ulong IdHash() => Kind switch
    {
        MessageIdKind.Uuid => StableHash.OfBits(IdHigh, IdLow),
        MessageIdKind.Text => IdHigh,
        _ => 0,
    };

    /// <summary>Returns the fields that reports count, and the mask of those that are null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly byte Fields(out FieldValues fields)
    {
        Unsafe.SkipInit(out fields);
        int flags = Flags;
        int eventCode = (int)(EventBits & CodeMask) - 1;
        int channelCode = (int)ChannelBits - 1;
        int day = Day;
        int noDay = day == LakeState.NoDay ? 1 : 0;
        fields[(int)MessageField.Date] = noDay != 0 ? 0 : day;
        fields[(int)MessageField.EventType] = Math.Max(eventCode, 0);
        fields[(int)MessageField.Channel] = Math.Max(channelCode, 0);
        fields[(int)MessageField.UserId] = UserId;
        fields[(int)MessageField.CountryId] = CountryId;
        return (byte)((noDay << (int)MessageField.Date)
            | ((eventCode >>> 31) << (int)MessageField.EventType)
            | ((channelCode >>> 31) << (int)MessageField.Channel)
            | ((flags & NullUser) != 0 ? 1 << (int)MessageField.UserId : 0)
            | ((flags & NullCountry) != 0 ? 1 << (int)MessageField.CountryId : 0));
    }

    private static long UtcDay(long timestamp)
    {
        long day = timestamp / MicrosecondsPerDay;
        return day * MicrosecondsPerDay > timestamp ? day - 1 : day;
    }
}
