using System.Globalization;
using OrleansLake.Client;
using OrleansLake.Server.Errors;

namespace OrleansLake.Server.Security;

/// <summary>
/// Applies what a token is locked to: a request can narrow it, never widen it. One that asks for nothing of what the token
/// may read is refused: no rows would look like a lake without such messages.
/// </summary>
internal static class LockedFilters
{
    /// <summary>Returns the filter that a request gets for a report.</summary>
    /// <exception cref="RequestException">Neither the report nor a part of what is asked is among what the token may read.</exception>
    internal static ReportFilter Apply(LakeAccess access, string report, ReportFilter asked)
    {
        if (access.Reports is null)
        {
            return asked;
        }

        if (!access.Reports.TryGetValue(report, out ReportFilter? locked))
        {
            throw new RequestException(403, "not-allowed-by-token", $"Not allowed by the token: it may read {string.Join(", ", access.Reports.Keys)} only.");
        }

        if (Beyond(asked, locked) is { } beyond)
        {
            throw new RequestException(403, "not-allowed-by-token", beyond);
        }

        return new ReportFilter
        {
            From = Later(asked.From, locked.From),
            To = Earlier(asked.To, locked.To),
            Channels = Both(asked.Channels, locked.Channels),
            Users = Both(asked.Users, locked.Users),
            Top = asked.Top is { } top && locked.Top is { } most ? Math.Min(top, most) : asked.Top ?? locked.Top,
        };
    }

    private static string? Beyond(ReportFilter asked, ReportFilter locked) =>
        asked.Channels is { Count: > 0 } channels && locked.Channels is { } open && !channels.Intersect(open).Any()
            ? $"Not allowed by the token: it may read channel {string.Join(", ", open)} only."
        : asked.Users is { Count: > 0 } users && locked.Users is { } known && !users.Intersect(known).Any()
            ? $"Not allowed by the token: it may read user {string.Join(", ", known)} only."
        : asked.To < locked.From ? string.Create(CultureInfo.InvariantCulture, $"Not allowed by the token: it may read dates from {locked.From:O} on only.")
        : asked.From > locked.To ? string.Create(CultureInfo.InvariantCulture, $"Not allowed by the token: it may read dates up to {locked.To:O} only.")
        : null;

    private static DateOnly? Later(DateOnly? a, DateOnly? b) => a is { } x && b is { } y ? (x > y ? x : y) : a ?? b;

    private static DateOnly? Earlier(DateOnly? a, DateOnly? b) => a is { } x && b is { } y ? (x < y ? x : y) : a ?? b;

    private static IReadOnlyList<T>? Both<T>(IReadOnlyList<T>? a, IReadOnlyList<T>? b) =>
        a is not null && b is not null ? [.. a.Intersect(b)] : a ?? b;
}
