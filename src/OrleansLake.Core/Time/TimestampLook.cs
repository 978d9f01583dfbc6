using System.Globalization;

namespace OrleansLake.Core.Time;

/// <summary>Describes what a timestamp that cannot be read looks like, and the option that takes it: the end of a rejection's sentence.</summary>
internal static class TimestampLook
{
    private static readonly (string Look, TimestampFormat Format)[] Known = [.. Looks().Select(static one =>
        TimestampFormat.TryCreate(one.Pattern, out TimestampFormat? format, out string? error)
            ? (one.Look, format) : throw new InvalidOperationException(error))];

    /// <summary>Names the look of a timestamp; empty if it looks like nothing that is known.</summary>
    /// <param name="text">What cannot be read as a timestamp.</param>
    /// <param name="format">How it was read; null for RFC 3339 and its kin.</param>
    /// <param name="zone">The lake's time zone: what no date in it can be is read by no option.</param>
    /// <param name="isRow">Whether it is in a row of a table, which nothing reads without the header of its file.</param>
    public static string Describe(ReadOnlySpan<byte> text, TimestampFormat? format, LakeTimeZone zone, bool isRow = false)
    {
        if (CountOf(text) is { } epoch && epoch.Format != format && epoch.Format.TryParse(text, zone, out _, out _))
        {
            return Worded(epoch.Look, epoch.Format, isRow);
        }

        if (text is [(byte)'+', ..] && TimestampText.TryParse(text[1..], zone, out _, out _))
        {
            return "; it is RFC 3339 without the + before the year: leave that out";
        }

        if (format is not null && TimestampText.TryParse(text, zone, out _, out _))
        {
            return "; it is RFC 3339, which is taken without --timestamp-format";
        }

        foreach ((string look, TimestampFormat known) in Known)
        {
            if (known.TryParse(text, zone, out _, out _) && known.Text != format?.Text)
            {
                return Worded(look, known, isRow);
            }
        }

        return "";
    }

    private static string Worded(string look, TimestampFormat format, bool isRow)
    {
        string option = $"--timestamp-format {(format.IsEpoch ? format.Text : $"\"{format}\"")}";
        return isRow
            ? $"; it {look}: lake ingest FILE {option} takes it, though FILE was ingested before"
            : $"; it {look}: lake ingest FILE {option} takes it, and lake quarantine replay {option} what was rejected; over HTTP send RFC 3339";
    }

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
        yield return ("looks like month, day and year with slashes (or dd/MM: the file's maker knows)", "M/d/yyyy[ H:mm[:ss][.SSS]]");
        yield return ("looks like day, month and year with slashes", "d/M/yyyy[ H:mm[:ss][.SSS]]");
        yield return ("looks like month, day and year with slashes and am or pm", "M/d/yyyy h:mm[:ss] a");
        yield return ("looks like day, month and year with dots", "d.M.yyyy[ H:mm[:ss][.SSS]]");
        yield return ("looks like RFC 1123", "EEE, d MMM yyyy HH:mm:ss X");
        yield return ("looks like the time of a web server's log", "dd/MMM/yyyy:HH:mm:ss X");
    }
}
