using PartKind = OrleansLake.Core.Time.TimestampPattern.PartKind;

namespace OrleansLake.Core.Time;

/// <summary>
/// Finds patterns that nobody can mean, such as letters in the wrong case: without a check they read dates that were not written.
/// </summary>
internal static class TimestampPatternCheck
{
    private const string Minutes = "mm is minutes, MM is months";

    // From a month back to the hour that a colon separates from it.
    private const int ColonAndHour = 2;

    /// <summary>Returns what cannot be meant, and which letter means what; null if all can.</summary>
    /// <param name="parts">The pattern's parts, with brackets that match.</param>
    internal static string? FaultOf(IReadOnlyList<TimestampPattern.Part> parts)
    {
        int at = 0;
        return FaultOf(parts, ref at, before: 0, last: 0, isOptional: false, out _);
    }

    /// <summary>Returns what was meant by a letter that is not known, in brackets; what to do with text if nothing else.</summary>
    internal static string HintOf(string pattern, char letter) => letter switch
    {
        _ when pattern.Contains('%', StringComparison.Ordinal) => " (letters are written without %, each as often as its digits: %Y-%m-%d is yyyy-MM-dd)",
        'Y' or 'y' or 'u' => " (yyyy is the year, yy its last two digits)",
        'D' or 'd' => " (dd is the day of the month)",
        'k' or 'K' or 'H' or 'h' => " (HH is the hour from 0 to 23; hh with a is one from 1 to 12)",
        'A' or 'p' or 'P' => " (a is am or pm)",
        'M' or 'm' => $" ({Minutes}, MMM a month's short name)",
        's' => " (ss is seconds, S a fraction of them)",
        _ => " (text is put in single quotes)",
    };

    // Before and last are sets of kinds: what surely comes before, and what may be the last of the fields before.
    private static string? FaultOf(IReadOnlyList<TimestampPattern.Part> parts, ref int at, int before, int last, bool isOptional, out int lastAfter)
    {
        lastAfter = last;
        for (; at < parts.Count && parts[at].Kind != PartKind.OptionalEnd; at++)
        {
            PartKind kind = parts[at].Kind;
            if (kind == PartKind.OptionalStart)
            {
                at++;
                if (FaultOf(parts, ref at, before, lastAfter, isOptional: true, out int lastWithin) is { } within)
                {
                    return within;
                }

                lastAfter |= lastWithin;
                continue;
            }

            int field = FieldOf(kind);
            if (field == 0 || (isOptional && kind == PartKind.Fraction && (before & field) != 0))
            {
                // One S takes all digits, so those that may follow it (.SSS[SSS]) are never there.
                continue;
            }

            if (((before & field) != 0 ? Repeated(kind) : Misplaced(parts, at, lastAfter)) is { } fault)
            {
                return fault;
            }

            before |= field;
            lastAfter = kind == PartKind.HalfDay ? lastAfter : field;
        }

        return null;
    }

    private static string? Misplaced(IReadOnlyList<TimestampPattern.Part> parts, int at, int last) => parts[at].Kind switch
    {
        PartKind.Minute when (last & FieldOf(PartKind.Hour)) == 0 => $"minutes are expected behind hours (HH:mm): {Minutes}",
        PartKind.Second when (last & FieldOf(PartKind.Minute)) == 0 => $"seconds are expected behind minutes (mm:ss): ss is seconds, {Minutes}",
        PartKind.Fraction when (last & FieldOf(PartKind.Second)) == 0 => "a fraction is expected behind seconds (ss.SSS): ss is seconds, S (or f) a fraction of them",
        PartKind.Month when IsHour(parts, at - 1) || (at >= ColonAndHour && parts[at - 1] is { Kind: PartKind.Literal, Value: ':' } && IsHour(parts, at - ColonAndHour)) =>
            $"months follow hours, where minutes are expected (HH:mm): {Minutes}",
        _ => null,
    };

    private static bool IsHour(IReadOnlyList<TimestampPattern.Part> parts, int at) => at >= 0 && parts[at].Kind is PartKind.Hour or PartKind.HalfDayHour;

    private static string Repeated(PartKind kind) => kind switch
    {
        PartKind.Year or PartKind.ShortYear => "the year occurs twice (yyyy is the year, yy its last two digits)",
        PartKind.Month or PartKind.MonthName => $"the month occurs twice: {Minutes}",
        PartKind.Day => "the day occurs twice (dd is the day, EEE its name)",
        PartKind.Hour or PartKind.HalfDayHour => "the hour occurs twice (HH is one from 0 to 23; hh with a is one from 1 to 12)",
        PartKind.Minute => $"minutes occur twice: {Minutes}",
        PartKind.Second => "seconds occur twice: ss is seconds, S a fraction of them",
        PartKind.Fraction => "the fraction occurs twice: one S takes all of its digits",
        _ => "am or pm occurs twice",
    };

    // Kinds that say the same are one field; what says nothing of the time, or may occur twice, is none.
    private static int FieldOf(PartKind kind) => kind switch
    {
        PartKind.Year or PartKind.ShortYear => 1,
        PartKind.Month or PartKind.MonthName => 1 << 1,
        PartKind.Day => 1 << 2,
        PartKind.Hour or PartKind.HalfDayHour => 1 << 3,
        PartKind.Minute => 1 << 4,
        PartKind.Second => 1 << 5,
        PartKind.Fraction => 1 << 6,
        PartKind.HalfDay => 1 << 7,
        _ => 0,
    };
}
