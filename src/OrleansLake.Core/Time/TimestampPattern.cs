using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OrleansLake.Core.Time;

/// <summary>
/// A timestamp's pattern, in the letters that Java and .NET share: <c>yyyy MM dd HH mm ss</c>, <c>hh</c> with <c>a</c>
/// (or <c>tt</c>), <c>MMM</c> for an English month, <c>S</c> (or <c>f</c>) for a fraction's digits, <c>X</c> (or
/// <c>x z Z K</c>) for an offset, <c>Z</c> or <c>UTC</c>, text in single quotes, and <c>[...]</c> around what may be
/// left out. A <c>T</c> and what is not a letter stand for themselves.
/// </summary>
internal sealed class TimestampPattern
{
    private const string Expected =
        "expected epoch-s, epoch-ms, epoch-us, epoch-ns or a pattern such as \"yyyy-MM-dd HH:mm:ss,SSS X\"";

    private static readonly string[] Months =
    [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ];

    private static readonly string[] Weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    private readonly Part[] _parts;

    private TimestampPattern(Part[] parts) => _parts = parts;

    internal enum PartKind
    {
        Literal,
        Year,
        ShortYear,
        Month,
        MonthName,
        Day,
        DayName,
        Hour,
        HalfDayHour,
        Minute,
        Second,
        Fraction,
        HalfDay,
        Offset,
        OptionalStart,
        OptionalEnd,
    }

    public static bool TryCreate(
        string text, [NotNullWhen(true)] out TimestampPattern? pattern, [NotNullWhen(false)] out string? error)
    {
        pattern = null;
        var parts = new List<Part>();
        int depth = 0;
        for (int at = 0; at < text.Length;)
        {
            char c = text[at];
            int length = 1;
            while (at + length < text.Length && text[at + length] == c)
            {
                length++;
            }

            if (c == '\'')
            {
                // Two of them stand for one, within quoted text or alone.
                int end = text.IndexOf('\'', at + 1);
                while (end > at + 1 && end + 1 < text.Length && text[end + 1] == '\'')
                {
                    end = text.IndexOf('\'', end + 2);
                }

                if (end < 0)
                {
                    error = $"a quotation mark is not closed; {Expected}";
                    return false;
                }

                string quoted = end == at + 1 ? "'" : text[(at + 1)..end].Replace("''", "'", StringComparison.Ordinal);
                parts.AddRange(Encoding.UTF8.GetBytes(quoted).Select(static b => new Part(PartKind.Literal, b)));
                at = end + 1;
            }
            else if (c is '[' or ']')
            {
                depth += c == '[' ? 1 : -1;
                if (depth < 0)
                {
                    break;
                }

                parts.Add(new Part(c == '[' ? PartKind.OptionalStart : PartKind.OptionalEnd, 0));
                at++;
            }
            else if (!char.IsAsciiLetter(c) || c == 'T')
            {
                parts.AddRange(Encoding.UTF8.GetBytes(text, at, 1).Select(static b => new Part(PartKind.Literal, b)));
                at++;
            }
            else if (Kind(c, length) is { } kind)
            {
                parts.Add(new Part(kind, length));
                at += length;
            }
            else
            {
                error = $"'{new string(c, length)}' is not known in a pattern{TimestampPatternCheck.HintOf(text, c)}; {Expected}";
                return false;
            }
        }

        if (depth != 0)
        {
            error = $"its square brackets do not match; {Expected}";
            return false;
        }

        error = TimestampPatternCheck.FaultOf(parts);
        if (error is null && (!parts.Exists(static part => part.Kind is PartKind.Year or PartKind.ShortYear)
            || !parts.Exists(static part => part.Kind is PartKind.Month or PartKind.MonthName)
            || !parts.Exists(static part => part.Kind == PartKind.Day)))
        {
            error = $"a pattern needs a year (yyyy), a month (MM) and a day (dd); {Expected}";
        }

        if (error is null && parts.Exists(static part => part.Kind == PartKind.HalfDayHour) != parts.Exists(static part => part.Kind == PartKind.HalfDay))
        {
            error = "hours from 1 to 12 (hh) and am or pm (a) go together; HH is an hour from 0 to 23";
        }

        if (error is not null)
        {
            return false;
        }

        pattern = new TimestampPattern([.. parts]);
        return true;
    }

    /// <summary>Reads a text by the pattern.</summary>
    public TimestampError Parse(ReadOnlySpan<byte> text, LakeTimeZone zone, out long micros)
    {
        micros = 0;
        var time = new CivilTime { Month = 1, Day = 1 };
        if (!TryMatch(text, 0, ref time))
        {
            return TimestampError.Unreadable;
        }

        return time.ToInstant(zone, out micros);
    }

    private static PartKind? Kind(char letter, int length) => (letter, length) switch
    {
        ('y' or 'u', 4) => PartKind.Year,
        ('y' or 'u', 2) => PartKind.ShortYear,
        ('M', 1 or 2) => PartKind.Month,
        ('M', 3 or 4) => PartKind.MonthName,
        ('d', 1 or 2) => PartKind.Day,
        ('d', 3 or 4) or ('E', <= 4) => PartKind.DayName,
        ('H', 1 or 2) => PartKind.Hour,
        ('h', 1 or 2) => PartKind.HalfDayHour,
        ('m', 1 or 2) => PartKind.Minute,
        ('s', 1 or 2) => PartKind.Second,
        ('S' or 'f' or 'F', <= 9) => PartKind.Fraction,
        ('a', 1) or ('t', 1 or 2) => PartKind.HalfDay,
        ('X' or 'x' or 'z' or 'Z' or 'K', <= 5) => PartKind.Offset,
        _ => null,
    };

    private bool TryMatch(ReadOnlySpan<byte> text, int part, ref CivilTime time)
    {
        for (; part < _parts.Length; part++)
        {
            Part next = _parts[part];
            switch (next.Kind)
            {
                case PartKind.OptionalStart:
                    CivilTime with = time;
                    if (TryMatch(text, part + 1, ref with))
                    {
                        time = with;
                        return true;
                    }

                    part = EndOfOptional(part);
                    break;
                case PartKind.OptionalEnd:
                    break;
                default:
                    if (!TryTake(next, ref text, ref time))
                    {
                        return false;
                    }

                    break;
            }
        }

        return text.IsEmpty;
    }

    private int EndOfOptional(int start)
    {
        int depth = 0;
        for (int part = start; ; part++)
        {
            depth += _parts[part].Kind switch
            {
                PartKind.OptionalStart => 1,
                PartKind.OptionalEnd => -1,
                _ => 0,
            };
            if (depth == 0)
            {
                return part;
            }
        }
    }

    private static bool TryTake(Part part, ref ReadOnlySpan<byte> text, ref CivilTime time)
    {
        switch (part.Kind)
        {
            case PartKind.Literal:
                bool isThere = !text.IsEmpty && text[0] == part.Value;
                text = isThere ? text[1..] : text;
                return isThere;
            case PartKind.Year:
                return TryDigits(ref text, 4, 4, out time.Year);
            case PartKind.ShortYear:
                bool isYear = TryDigits(ref text, 2, 2, out int year);
                time.Year = 2000 + year;
                return isYear;
            case PartKind.Month:
                return TryDigits(ref text, part.Value, 2, out time.Month);
            case PartKind.MonthName:
                return TryMonth(ref text, isShort: part.Value == 3, out time.Month);
            case PartKind.Day:
                return TryDigits(ref text, part.Value, 2, out time.Day);
            case PartKind.DayName:
                return TryWeekday(ref text, out time.Weekday);
            case PartKind.Hour:
                return TryDigits(ref text, part.Value, 2, out time.Hour);
            case PartKind.HalfDayHour:
                return TryDigits(ref text, part.Value, 2, out time.HalfDayHour) && time.HalfDayHour is >= 1 and <= 12;
            case PartKind.Minute:
                return TryDigits(ref text, part.Value, 2, out time.Minute);
            case PartKind.Second:
                return TryDigits(ref text, part.Value, 2, out time.Second);
            case PartKind.Fraction:
                return TryFraction(ref text, out time.Micros);
            case PartKind.HalfDay:
                ReadOnlySpan<byte> half = Word(ref text);
                time.IsAfternoon = Ascii.EqualsIgnoreCase(half, "pm"u8);
                return time.IsAfternoon || Ascii.EqualsIgnoreCase(half, "am"u8);
            default:
                // One that occurs twice, as in "+0000 (UTC)", says the same twice.
                bool isOffset = TryOffset(ref text, out int seconds) && (!time.HasOffset || time.OffsetSeconds == seconds);
                (time.HasOffset, time.OffsetSeconds) = (isOffset, seconds);
                return isOffset;
        }
    }

    private static bool TryDigits(ref ReadOnlySpan<byte> text, int min, int max, out int value)
    {
        value = 0;
        int length = 0;
        while (length < max && length < text.Length && text[length] is >= (byte)'0' and <= (byte)'9')
        {
            value = (value * 10) + text[length] - '0';
            length++;
        }

        text = text[length..];
        return length >= min;
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> text, out int micros)
    {
        micros = 0;
        int digits = 0;
        for (; digits < text.Length && text[digits] is >= (byte)'0' and <= (byte)'9'; digits++)
        {
            micros = digits < 6 ? (micros * 10) + text[digits] - '0' : micros;
        }

        for (int missing = digits; missing < 6; missing++)
        {
            micros *= 10;
        }

        text = text[digits..];
        return digits > 0;
    }

    private static bool TryMonth(ref ReadOnlySpan<byte> text, bool isShort, out int month)
    {
        ReadOnlySpan<byte> word = Word(ref text);
        for (month = 1; month <= Months.Length; month++)
        {
            string name = Months[month - 1];
            if (Ascii.EqualsIgnoreCase(word, isShort ? name.AsSpan(0, 3) : name))
            {
                return true;
            }
        }

        return false;
    }

    // Of another language's names, nobody knows what they say.
    private static bool TryWeekday(ref ReadOnlySpan<byte> text, out int weekday)
    {
        ReadOnlySpan<byte> word = Word(ref text);
        weekday = Weekdays.Length;
        while (weekday > 0 && !(word.Length >= 3 && word.Length <= Weekdays[weekday - 1].Length && Ascii.EqualsIgnoreCase(word, Weekdays[weekday - 1].AsSpan(0, word.Length))))
        {
            weekday--;
        }

        return word.Length > 0;
    }

    private static bool TryOffset(ref ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.IsEmpty)
        {
            return false;
        }

        if (text[0] is not ((byte)'+' or (byte)'-'))
        {
            ReadOnlySpan<byte> word = Word(ref text);
            return Ascii.EqualsIgnoreCase(word, "z"u8) || Ascii.EqualsIgnoreCase(word, "utc"u8) || Ascii.EqualsIgnoreCase(word, "gmt"u8);
        }

        int length = 1;
        while (length < Math.Min(text.Length, 6) && text[length] is (>= (byte)'0' and <= (byte)'9') or (byte)':')
        {
            length++;
        }

        bool isOffset = LakeTimeZone.TryParseOffset(text[..length], out seconds);
        text = text[length..];
        return isOffset;
    }

    private static ReadOnlySpan<byte> Word(ref ReadOnlySpan<byte> text)
    {
        int length = 0;
        while (length < text.Length && char.IsAsciiLetter((char)text[length]))
        {
            length++;
        }

        ReadOnlySpan<byte> word = text[..length];
        text = text[length..];
        return word;
    }

    // A literal's byte, or how often a letter occurs.
    internal readonly record struct Part(PartKind Kind, int Value);
}
