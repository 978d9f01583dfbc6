using System.Globalization;

namespace OrleansLake.Core.Time;

/// <summary>Describes what a timestamp that cannot be read looks like, and the option that takes it: the end of a rejection's sentence.</summary>
internal static class TimestampLook
{
    /// <summary>The start of the advice about records that are in quarantine.</summary>
    internal const string Replaying = ", and lake quarantine replay ";

    // A month's name is not further behind, with a year of four digits before it.
    private const int MonthWithin = 6;

    private static readonly (string Look, TimestampFormat Format)[] Known = [.. Looks().Select(static one => (one.Look, Of(one.Pattern)))];

    private static readonly string[] Times = ["[ H:mm[:ss][.SSS]]", " h:mm[:ss][ ]a", " H:mm[:ss][.SSS][ ]X", ", H:mm[:ss]", ", h:mm[:ss][ ]a"];

    private static readonly DateOrders[] Ordered = [.. Orders()];

    private static readonly TimestampFormat[] WithMonths =
    [
        .. ((string[])["d-MMM-yyyy", "d-MMM-yy", "d MMM yyyy", "d MMMM yyyy", "d/MMM/yyyy", "MMM d, yyyy", "MMMM d, yyyy", "MMM d yyyy", "yyyy-MMM-d",
            "EEE, d MMM yyyy", "EEE, d MMMM yyyy", "EEE, MMM d, yyyy", "EEE, MMMM d, yyyy"])
            .SelectMany(static date => Times.Select(time => Of(date + time))),
        Of("d-MMM-yy h.mm.ss[.SSS][ ]a"), Of("EEE MMM d HH:mm:ss yyyy"), Of("EEE MMM d HH:mm:ss X yyyy"),
    ];

    /// <summary>Names the look of a timestamp; empty if it looks like nothing that is known.</summary>
    /// <param name="text">What cannot be read as a timestamp.</param>
    /// <param name="format">How it was read; null for RFC 3339 and similar forms.</param>
    /// <param name="zone">The lake's time zone: what no date in it can be is read by no option.</param>
    /// <param name="advice">The thing to change.</param>
    public static string Describe(ReadOnlySpan<byte> text, TimestampFormat? format, LakeTimeZone zone, TimestampAdvice advice = TimestampAdvice.Option)
    {
        if (CountOf(text) is { } epoch && epoch.Format != format && epoch.Format.TryParse(text, zone, out _, out _))
        {
            return Worded(epoch.Look, epoch.Format, advice);
        }

        if (text is [(byte)'+', ..] && TimestampText.TryParse(text[1..], zone, out _, out _))
        {
            return "; it is RFC 3339 without the + before the year: leave that out";
        }

        if (format is not null && TimestampText.TryParse(text, zone, out _, out _))
        {
            return advice == TimestampAdvice.Mapping ? "; it is RFC 3339: \"format\": \"rfc3339\" in the mapping takes it" : "; it is RFC 3339, which is read without --timestamp-format";
        }

        if (text.LastIndexOf((byte)' ') is > 0 and var blank && text[..blank].Contains((byte)':')
            && TimestampText.TryParse((ReadOnlySpan<byte>)[.. text[..blank], (byte)'+', .. text[(blank + 1)..]], zone, out _, out _))
        {
            return "; it has a blank where the + of an offset is expected: in a form, a + is written %2B";
        }

        if (Surrounded(text) is { } around)
        {
            return around;
        }

        foreach ((string look, TimestampFormat known) in Known)
        {
            if (known.TryParse(text, zone, out _, out _) && known.Text != format?.Text)
            {
                return Worded(look, known, advice);
            }
        }

        // Neither an order of numbers nor a month's name: what is looked for further begins with one.
        int digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        foreach (DateOrders one in digits is 1 or 2 ? Ordered : [])
        {
            if (one.Separator == text[digits] && DescribeOrders(one, text, format, zone, advice) is { } described)
            {
                return described;
            }
        }

        foreach (TimestampFormat known in text[..Math.Min(text.Length, MonthWithin)].ContainsAnyInRange((byte)'A', (byte)'z') ? WithMonths : [])
        {
            if (known.TryParse(text, zone, out _, out _) && known.Text != format?.Text)
            {
                return Worded("has the name of a month", known, advice);
            }
        }

        return format is { IsEpoch: false } && !format.TryParse(text, zone, out _, out TimestampError error) && error == TimestampError.Unreadable && IsOfShape(text, format, zone) ? "; there is no such date or time" : "";
    }

    /// <summary>Returns the formats that a text may be written in, the likeliest first, of which null is RFC 3339 and similar forms; none if it is not a timestamp.</summary>
    /// <param name="text">The text.</param>
    /// <param name="zone">The lake's time zone.</param>
    public static IEnumerable<TimestampFormat?> FormatsOf(byte[] text, LakeTimeZone zone)
    {
        bool Reads(TimestampFormat format) => format.TryParse(text, zone, out _, out _);
        if (CountOf(text) is { } epoch)
        {
            return Reads(epoch.Format) ? [epoch.Format] : [];
        }

        if (TimestampText.TryParse(text, zone, out _, out _))
        {
            return [null];
        }

        int digits = text.AsSpan().IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return Known.Where(one => Reads(one.Format)).Select(static one => one.Format).Take(1)
            .Concat(Ordered.Where(one => digits is 1 or 2 && one.Separator == text[digits]).SelectMany(static one => one.All).Select(static one => one.Format).Where(Reads))
            .Concat(text.AsSpan(0, Math.Min(text.Length, MonthWithin)).ContainsAnyInRange((byte)'A', (byte)'z') ? WithMonths.Where(Reads).Take(1) : []);
    }

    // What is around a timestamp that could be read without it, or that is written as a program's own type.
    private static string? Surrounded(ReadOnlySpan<byte> text)
    {
        if (Blanks.Describe(text) is { } blanks)
        {
            return $"; {blanks} it";
        }

        if (text is [.., (byte)']'] && text.IndexOf((byte)'[') > 0)
        {
            return "; it has a time zone in brackets behind it, as Java writes it: leave that out";
        }

        if (text.StartsWith("/Date("u8))
        {
            return "; it is milliseconds since 1970 within /Date(...)/: send the number alone, which --timestamp-format epoch-ms takes";
        }

        return text.IndexOfAny("eE"u8) > 0 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? "; it is a number with an exponent: write it in digits, which --timestamp-format epoch-s and its like take" : null;
    }

    // Which of the numbers is the month, a day past the 12th may show, and nothing else does.
    private static string? DescribeOrders(in DateOrders orders, ReadOnlySpan<byte> text, TimestampFormat? format, LakeTimeZone zone, TimestampAdvice advice)
    {
        var found = new List<TimestampFormat>();
        string look = "";
        foreach ((string order, TimestampFormat known) in orders.All)
        {
            if (known.TryParse(text, zone, out _, out _) && known.Text != format?.Text && !(format is { IsEpoch: false } && BeginsWithYear(format) != BeginsWithYear(known) && IsOfShape(text, format, zone)))
            {
                look += found.Count == 0 ? order : $" or {order}";
                found.Add(known);
            }
        }

        return found.Count == 0 ? null : Worded($"looks like {look}", found[0], advice, [.. found[1..]]);
    }

    // Whether a text is written as a pattern says, though its numbers are of no date: 31/02/24 is of the shape of dd/MM/yy.
    private static bool IsOfShape(ReadOnlySpan<byte> text, TimestampFormat format, LakeTimeZone zone)
    {
        byte[] plausible = text.ToArray();
        for (int start = 0; start < plausible.Length; start++)
        {
            int length = plausible.AsSpan(start).IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var end and >= 0 ? end : plausible.Length - start;
            if (length is 1 or 2 or 4)
            {
                (length == 4 ? "2001"u8 : "01"u8[(2 - length)..]).CopyTo(plausible.AsSpan(start));
            }

            start += length;
        }

        return format.TryParse(plausible, zone, out _, out _);
    }

    private static bool BeginsWithYear(TimestampFormat format) => format.Text.StartsWith('y');

    private static string Worded(string look, TimestampFormat format, TimestampAdvice advice, params ReadOnlySpan<TimestampFormat> others)
    {
        string or = "";
        foreach (TimestampFormat other in others)
        {
            or += $" or {Shown(other, advice)}";
        }

        string which = or.Length == 0 ? "" : " (the file's author knows which)";
        return advice switch
        {
            TimestampAdvice.Mapping => $"; it {look}: {Shown(format, advice)}{or} in the mapping takes it{which}",
            TimestampAdvice.OptionOfFile => $"; it {look}: lake ingest FILE {Shown(format, advice)}{or} takes it{which}, though FILE was ingested before",
            _ => $"; it {look}: lake ingest FILE {Shown(format, advice)}{or} takes it{which}{Replaying}{(or.Length == 0 ? Shown(format, advice) : "with that option")} what was rejected",
        };
    }

    private static string Shown(TimestampFormat format, TimestampAdvice advice) => advice == TimestampAdvice.Mapping
        ? $"\"format\": \"{format}\"" : $"--timestamp-format {(format.IsEpoch ? format.Text : $"\"{format}\"")}";

    // By its size: seconds of 1973 to 5138, and a thousand times that for each of the smaller units.
    private static (string Look, TimestampFormat Format)? CountOf(ReadOnlySpan<byte> text)
    {
        int point = text.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = point < 0 ? text : text[..point];
        if (text.IsEmpty || whole.Length is < 9 or > 20 || whole.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || (point >= 0 && text[(point + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            || (whole.Length == 14 && TryDate(whole)))
        {
            return null;
        }

        return whole.Length switch
        {
            <= 11 => ("looks like seconds since 1970", TimestampFormat.EpochSeconds),
            <= 14 => ("looks like milliseconds since 1970", TimestampFormat.EpochMillis),
            <= 17 => ("looks like microseconds since 1970", TimestampFormat.EpochMicros),
            _ => ("looks like nanoseconds since 1970", TimestampFormat.EpochNanos),
        };
    }

    // 20241216100100 is a date and time of the basic format, though it could be milliseconds of the year 2611.
    private static bool TryDate(ReadOnlySpan<byte> digits) =>
        int.Parse(digits[..4], CultureInfo.InvariantCulture) is >= 1900 and <= 2199 && DateText.TryParse(
            (ReadOnlySpan<byte>)[.. digits[..4], (byte)'-', .. digits[4..6], (byte)'-', .. digits[6..8]], out _);

    private static IEnumerable<(string Look, string Pattern)> Looks()
    {
        foreach (string between in (string[])["'T'", " "])
        {
            foreach (string offset in (string[])["", "X", " X"])
            {
                yield return ("has a comma before the fraction", $"yyyy-MM-dd{between}HH:mm:ss,SSS{offset}");
                yield return ("has no seconds", $"yyyy-MM-dd{between}HH:mm{offset}");
            }

            yield return ("has a blank before the offset", $"yyyy-MM-dd{between}HH:mm:ss X");
            yield return ("has a blank before the offset", $"yyyy-MM-dd{between}HH:mm:ss.SSS X");
            yield return ("has a word for the offset", $"yyyy-MM-dd{between}HH:mm:ssX");
            yield return ("has a word for the offset", $"yyyy-MM-dd{between}HH:mm:ss.SSSX");
        }

        yield return ("is a date without a time", "yyyy-MM-dd");
        yield return ("looks like a date and time in ISO 8601's basic format", "yyyyMMdd'T'HHmmss[.SSS][X]");
        yield return ("looks like a date and time in digits", "yyyyMMddHHmmss[SSS]");
        yield return ("looks like a date in digits", "yyyyMMdd");
        yield return ("looks like a date and time with slashes", "yyyy/MM/dd HH:mm:ss[.SSS]");
        foreach (string between in (string[])["/", ".", "-"])
        {
            yield return ($"looks like year{between}month{between}day", $"yyyy{between}M{between}d[ H:mm[:ss][.SSS]]");
            yield return ($"looks like year{between}month{between}day", $"yyyy{between}M{between}d h:mm[:ss][ ]a");
        }

        yield return ("looks like RFC 1123", "EEE, d MMM yyyy HH:mm:ss X");
        yield return ("looks like the time of a web server's log", "dd/MMM/yyyy:HH:mm:ss X");
    }

    private static IEnumerable<DateOrders> Orders()
    {
        foreach (char c in (char[])['/', '-', '.'])
        {
            foreach (string year in (string[])["yyyy", "yy"])
            {
                foreach (string time in Times)
                {
                    (string, TimestampFormat) monthFirst = ($"month{c}day{c}year", Of($"M{c}d{c}{year}{time}"));
                    (string, TimestampFormat) dayFirst = ($"day{c}month{c}year", Of($"d{c}M{c}{year}{time}"));
                    (string, TimestampFormat) yearFirst = ($"year{c}month{c}day", Of($"yy{c}M{c}d{time}"));
                    if (c == '.')
                    {
                        // In dates with dots the day comes first.
                        yield return new DateOrders((byte)c, [dayFirst]);
                        yield return new DateOrders((byte)c, [monthFirst]);
                    }
                    else
                    {
                        yield return new DateOrders((byte)c, year == "yy" ? [monthFirst, dayFirst, yearFirst] : [monthFirst, dayFirst]);
                    }
                }
            }
        }
    }

    private static TimestampFormat Of(string pattern) =>
        TimestampFormat.TryCreate(pattern, out TimestampFormat? format, out string? error) ? format : throw new InvalidOperationException(error);

    // The orders that the numbers of a date may have, with the character between them.
    private readonly record struct DateOrders(byte Separator, (string Order, TimestampFormat Format)[] All);
}
