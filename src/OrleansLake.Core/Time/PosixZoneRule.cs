namespace OrleansLake.Core.Time;

/// <summary>
/// The rule in a TZif file's footer: <c>std offset[dst[offset][,start[/time],end[/time]]]</c> (POSIX.1-2017, Base
/// Definitions 8.3, with the hours of -167 to 167 that RFC 9636 adds). POSIX counts offsets west of UTC; here they
/// are east.
/// </summary>
internal sealed class PosixZoneRule
{
    private Moment _start;
    private Moment _end;

    public int StandardOffset { get; private set; }

    public int DaylightOffset { get; private set; }

    public bool HasDaylight { get; private set; }

    public static bool TryParse(ReadOnlySpan<byte> text, out PosixZoneRule? rule)
    {
        rule = null;
        var parsed = new PosixZoneRule();
        if (!SkipName(ref text) || !ReadTime(ref text, 24, out int west))
        {
            return false;
        }

        parsed.StandardOffset = -west;
        if (text.IsEmpty)
        {
            rule = parsed;
            return true;
        }

        parsed.HasDaylight = true;
        parsed.DaylightOffset = parsed.StandardOffset + 3600;
        if (!SkipName(ref text))
        {
            return false;
        }

        if (!text.IsEmpty && text[0] != ',')
        {
            if (!ReadTime(ref text, 24, out west))
            {
                return false;
            }

            parsed.DaylightOffset = -west;
        }

        if (!ReadMoment(ref text, out parsed._start) || !ReadMoment(ref text, out parsed._end) || !text.IsEmpty)
        {
            return false;
        }

        rule = parsed;
        return true;
    }

    /// <summary>Returns the UTC seconds at which daylight saving starts and ends in a year.</summary>
    public (long Start, long End) Transitions(int year) =>
        (_start.LocalSeconds(year) - StandardOffset, _end.LocalSeconds(year) - DaylightOffset);

    private static bool SkipName(ref ReadOnlySpan<byte> text)
    {
        int length = 0;
        if (!text.IsEmpty && text[0] == '<')
        {
            length = text.IndexOf((byte)'>') + 1;
        }
        else
        {
            while (length < text.Length && char.IsAsciiLetter((char)text[length]))
            {
                length++;
            }
        }

        text = text[length..];
        return length >= 3;
    }

    /// <summary>Reads <c>[+-]h[hh][:mm[:ss]]</c> as seconds.</summary>
    private static bool ReadTime(ref ReadOnlySpan<byte> text, int hoursMax, out int seconds)
    {
        seconds = 0;
        int sign = 1;
        if (!text.IsEmpty && text[0] is (byte)'+' or (byte)'-')
        {
            sign = text[0] == '-' ? -1 : 1;
            text = text[1..];
        }

        if (!ReadNumber(ref text, 0, hoursMax, out int hours))
        {
            return false;
        }

        seconds = hours * 3600;
        for (int unit = 60; unit >= 1 && !text.IsEmpty && text[0] == ':'; unit /= 60)
        {
            text = text[1..];
            if (!ReadNumber(ref text, 0, 59, out int part))
            {
                return false;
            }

            seconds += part * unit;
        }

        seconds *= sign;
        return true;
    }

    private static bool ReadMoment(ref ReadOnlySpan<byte> text, out Moment moment)
    {
        moment = default;
        if (text.Length < 2 || text[0] != ',')
        {
            return false;
        }

        text = text[1..];
        byte kind = text[0];
        int month = 0;
        int week = 0;
        int day;
        if (kind == 'M')
        {
            text = text[1..];
            if (!ReadNumber(ref text, 1, 12, out month) || !SkipDot(ref text) || !ReadNumber(ref text, 1, 5, out week)
                || !SkipDot(ref text) || !ReadNumber(ref text, 0, 6, out day))
            {
                return false;
            }
        }
        else if (kind == 'J')
        {
            text = text[1..];
            if (!ReadNumber(ref text, 1, 365, out day))
            {
                return false;
            }
        }
        else if (!ReadNumber(ref text, 0, 365, out day))
        {
            return false;
        }

        int seconds = 2 * 3600;
        if (!text.IsEmpty && text[0] == '/')
        {
            text = text[1..];
            if (!ReadTime(ref text, 167, out seconds))
            {
                return false;
            }
        }

        moment = new Moment(kind, month, week, day, seconds);
        return true;
    }

    private static bool SkipDot(ref ReadOnlySpan<byte> text)
    {
        bool dot = !text.IsEmpty && text[0] == '.';
        text = dot ? text[1..] : text;
        return dot;
    }

    private static bool ReadNumber(ref ReadOnlySpan<byte> text, int min, int max, out int value)
    {
        value = 0;
        int length = 0;
        while (length < text.Length && length < 4 && text[length] is >= (byte)'0' and <= (byte)'9')
        {
            value = (value * 10) + text[length++] - '0';
        }

        text = text[length..];
        return length > 0 && value >= min && value <= max;
    }

    /// <summary>A day of the year (<c>Mm.w.d</c>, <c>Jn</c> or <c>n</c>) and the seconds after its start.</summary>
    private readonly record struct Moment(byte Kind, int Month, int Week, int Day, int Seconds)
    {
        public long LocalSeconds(int year) => (DayNumber(year) * 86_400L) + Seconds;

        private int DayNumber(int year)
        {
            int newYear = CivilCalendar.ToDay(year, 1, 1);
            switch (Kind)
            {
                case (byte)'J':
                    // Day 1 to 365; 29 February is never counted.
                    return newYear + Day - 1 + (Day >= 60 && CivilCalendar.IsLeap(year) ? 1 : 0);
                case (byte)'M':
                    int first = CivilCalendar.ToDay(year, Month, 1);
                    int weekday = (((first + 4) % 7) + 7) % 7;      // 1970-01-01 was a Thursday
                    int day = ((Day - weekday + 7) % 7) + ((Week - 1) * 7);
                    return first + (CivilCalendar.IsDate(year, Month, day + 1) ? day : day - 7);
                default:
                    return newYear + Day;
            }
        }
    }
}
