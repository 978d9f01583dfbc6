using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OrleansLake.Core.Time;

/// <summary>
/// Timestamps as text: RFC 3339 (https://www.rfc-editor.org/rfc/rfc3339.html, section 5.6), with a space for the
/// <c>T</c> and the offset left out too, which then is the lake's time zone.
/// </summary>
/// <remarks>
/// <code>
/// yyyy-MM-dd (T|t| ) HH:mm:ss [. digits] [Z|z|±hh:mm|±hhmm|±hh]
/// </code>
/// Digits past the microseconds are cut off, as Spark does. There is no hour 24. Second 60 is a leap second: it is
/// taken at 23:59:60 UTC only, for the last microsecond before midnight.
/// </remarks>
public static class TimestampText
{
    /// <summary>The most bytes that <see cref="FormatUtc"/> writes.</summary>
    public const int FormatBytesMax = 32;

    private const long MicrosPerSecond = 1_000_000;
    private const long MicrosPerDay = 86_400 * MicrosPerSecond;
    private const int UsualLength = 27;

    // Between these instants no offset can lead out of the years 0001 to 9999.
    private const long SurelyInRangeFrom = (CivilCalendar.FirstDay + 2) * MicrosPerDay;
    private const long SurelyInRangeUntil = (CivilCalendar.LastDay - 2) * MicrosPerDay;

    /// <summary>Reads a timestamp.</summary>
    /// <param name="text">The whole text, without blanks around it.</param>
    /// <param name="zone">Where the local date must lie in the years 0001 to 9999, and whose clock a text without an offset shows.</param>
    /// <param name="micros">Microseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="error">The reason why it is not a timestamp.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, LakeTimeZone zone, out long micros, out TimestampError error)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (text.Length == UsualLength && TryParseUsual(ref MemoryMarshal.GetReference(text), out micros))
        {
            error = micros is >= SurelyInRangeFrom and < SurelyInRangeUntil
                || LakeTimeZone.IsInRange(zone.LocalDay(micros))
                    ? TimestampError.None
                    : TimestampError.OutOfRange;
        }
        else
        {
            error = Parse(text, zone, out micros);
        }

        if (error != TimestampError.None)
        {
            micros = 0;
            return false;
        }

        return true;
    }

    /// <summary>Writes <c>yyyy-MM-ddTHH:mm:ss.ffffffZ</c>; a year that has not four digits as <see cref="DateText.Format"/> does.</summary>
    /// <param name="micros">Microseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="destination">At least <see cref="FormatBytesMax"/> bytes, or 27 for the years 0 to 9999.</param>
    /// <returns>The bytes written.</returns>
    public static int FormatUtc(long micros, Span<byte> destination)
    {
        long day = micros / MicrosPerDay;
        day -= micros < day * MicrosPerDay ? 1 : 0;
        long ofDay = micros - (day * MicrosPerDay);
        int at = DateText.Format((int)day, destination);
        Span<byte> time = destination.Slice(at, 17);
        int seconds = (int)(ofDay / MicrosPerSecond);
        int fraction = (int)(ofDay - (seconds * MicrosPerSecond));
        time[0] = (byte)'T';
        DateText.WriteTwo(time[1..], seconds / 3600);
        time[3] = (byte)':';
        DateText.WriteTwo(time[4..], seconds / 60 % 60);
        time[6] = (byte)':';
        DateText.WriteTwo(time[7..], seconds % 60);
        time[9] = (byte)'.';
        DateText.WriteTwo(time[10..], fraction / 10_000);
        DateText.WriteTwo(time[12..], fraction / 100 % 100);
        DateText.WriteTwo(time[14..], fraction % 100);
        time[16] = (byte)'Z';
        return at + 17;
    }

    /// <summary>
    /// Reads <c>yyyy-MM-ddTHH:mm:ss.ffffffZ</c>; false for any other text, and for one that <see cref="Parse"/> must
    /// judge.
    /// </summary>
    /// <remarks>
    /// Two loads of 16 bytes cover the 27. Subtracting the pattern leaves a digit's value in its lane and 0 in a
    /// separator's, so one comparison with the most that each lane may hold (9 or 0) checks all of them. Multiplied
    /// by 10 and added to the next lane, each lane then holds the two-digit number that starts in it.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryParseUsual(ref byte text, out long micros)
    {
        Vector128<byte> head = Vector128.LoadUnsafe(ref text) - Vector128.Create("0000-00-00T00:00"u8);
        Vector128<byte> tail = Vector128.LoadUnsafe(ref text, 11) - Vector128.Create("00:00:00.000000Z"u8);
        var headMax = Vector128.Create((byte)9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9);
        var tailMax = Vector128.Create((byte)9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 9, 9, 9, 9, 0);
        micros = 0;
        if (!Vector128.LessThanOrEqualAll(head, headMax) || !Vector128.LessThanOrEqualAll(tail, tailMax)
            || !BitConverter.IsLittleEndian)
        {
            return false;
        }

        ulong date = Pairs(head.AsUInt64().GetElement(0));          // yy.yy..MM
        ulong dayAndTime = Pairs(head.AsUInt64().GetElement(1));    // dd.HH..mm
        ulong second = Pairs(tail.AsUInt64().GetElement(0));        // ......ss
        ulong fraction = Pairs(tail.AsUInt64().GetElement(1));      // .ff.ff.ff
        int year = (Pair(date, 0) * 100) + Pair(date, 2);
        int month = Pair(date, 5);
        int day = Pair(dayAndTime, 0);
        int hours = Pair(dayAndTime, 3);
        int minutes = Pair(dayAndTime, 6);
        int seconds = Pair(second, 6);
        if (year == 0 || hours > 23 || minutes > 59 || seconds > 59 || !CivilCalendar.IsDate(year, month, day))
        {
            return false;
        }

        int parts = (Pair(fraction, 1) * 10_000) + (Pair(fraction, 3) * 100) + Pair(fraction, 5);
        long ofDay = (((hours * 60) + minutes) * 60) + seconds;
        micros = (((CivilCalendar.ToDay(year, month, day) * 86_400L) + ofDay) * MicrosPerSecond) + parts;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Pairs(ulong digits) => (digits * 10) + (digits >> 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Pair(ulong pairs, int lane) => (byte)(pairs >> (lane * 8));

    /// <summary>Reads every accepted form, byte by byte.</summary>
    internal static TimestampError Parse(ReadOnlySpan<byte> text, LakeTimeZone zone, out long micros)
    {
        micros = 0;
        if (text.Length < 19 || text[4] != '-' || text[7] != '-'
            || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || text[13] != ':' || text[16] != ':')
        {
            return HasLongYear(text) ? TimestampError.OutOfRange : TimestampError.Unreadable;
        }

        int bad = 0;
        var time = new CivilTime
        {
            Year = (Two(text, 0, ref bad) * 100) + Two(text, 2, ref bad),
            Month = Two(text, 5, ref bad),
            Day = Two(text, 8, ref bad),
            Hour = Two(text, 11, ref bad),
            Minute = Two(text, 14, ref bad),
            Second = Two(text, 17, ref bad),
        };
        if (bad != 0)
        {
            return TimestampError.Unreadable;
        }

        int at = 19;
        int fraction = 0;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            int digits = 0;
            while (at < text.Length && text[at] is >= (byte)'0' and <= (byte)'9')
            {
                fraction = digits < 6 ? (fraction * 10) + text[at] - '0' : fraction;
                digits++;
                at++;
            }

            if (digits == 0)
            {
                return TimestampError.Unreadable;
            }

            for (; digits < 6; digits++)
            {
                fraction *= 10;
            }
        }

        time.Micros = fraction;
        ReadOnlySpan<byte> rest = text[at..];
        time.HasOffset = !rest.IsEmpty;
        if (time.HasOffset && rest is not ([(byte)'Z'] or [(byte)'z']) && !LakeTimeZone.TryParseOffset(rest, out time.OffsetSeconds))
        {
            return TimestampError.Unreadable;
        }

        return time.ToInstant(zone, out micros);
    }

    /// <summary>Returns whether the text starts as a date of ISO 8601's expanded form or of more digits does: the year is legible,
    /// but too far.</summary>
    private static bool HasLongYear(ReadOnlySpan<byte> text)
    {
        int at = !text.IsEmpty && text[0] is (byte)'+' or (byte)'-' ? 1 : 0;
        int digits = 0;
        while (at + digits < text.Length && text[at + digits] is >= (byte)'0' and <= (byte)'9')
        {
            digits++;
        }

        ReadOnlySpan<byte> rest = text[(at + digits)..];
        if (digits is < 4 or > 9 || at + digits <= 4 || rest.Length <= 6 || rest[0] != '-' || rest[3] != '-')
        {
            return false;
        }

        // A year that a lake holds is only written in another way, with a plus or with zeros before it.
        return text[0] == '-' || !(int.TryParse(text.Slice(at, digits), NumberStyles.None, CultureInfo.InvariantCulture, out int year) && year is >= 1 and <= 9999);
    }

    private static int Two(ReadOnlySpan<byte> text, int at, ref int bad)
    {
        int high = text[at] - '0';
        int low = text[at + 1] - '0';
        bad |= (uint)high > 9 || (uint)low > 9 ? 1 : 0;
        return (high * 10) + low;
    }
}
