using OrleansLake.Client;
using OrleansLake.Server.Errors;

namespace OrleansLake.Server.Security;

/// <summary>Applies what a token is locked to: a request can narrow it, never widen it.</summary>
internal static class LockedFilters
{
    /// <summary>The filter that a request gets for a report.</summary>
    /// <exception cref="RequestException">The report is not among those that the token may read.</exception>
    internal static ReportFilter Apply(LakeAccess access, string report, ReportFilter asked)
    {
        if (access.Reports is null)
        {
            return asked;
        }

        if (!access.Reports.TryGetValue(report, out ReportFilter? locked))
        {
            throw new RequestException(403, "forbidden", $"This token may read {string.Join(", ", access.Reports.Keys)} only.");
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

    private static DateOnly? Later(DateOnly? a, DateOnly? b) => a is { } x && b is { } y ? (x > y ? x : y) : a ?? b;

    private static DateOnly? Earlier(DateOnly? a, DateOnly? b) => a is { } x && b is { } y ? (x < y ? x : y) : a ?? b;

    private static IReadOnlyList<T>? Both<T>(IReadOnlyList<T>? a, IReadOnlyList<T>? b) =>
        a is not null && b is not null ? [.. a.Intersect(b)] : a ?? b;
}
