using System.Globalization;
using System.Text;

namespace OrleansLake.Client.Http;

/// <summary>The server's routes with their parameters.</summary>
internal static class LakeUrls
{
    internal static string Report(ReportQuery query)
    {
        var url = new StringBuilder($"v1/reports/{Uri.EscapeDataString(query.Report)}.json");
        Filter(url, "", query.Filter);
        Add(url, "skip", query.Skip > 0 ? query.Skip : null);
        Add(url, "limit", query.Take);
        Add(url, "min_position", query.MinPosition);
        return url.ToString();
    }

    internal static string Stream(LiveQuery query)
    {
        var url = new StringBuilder("v1/stream");
        Add(url, "reports", string.Join(',', query.Reports.Select(report => report.Report)));
        Add(url, "status", query.WithStatus ? "true" : null);
        foreach (LiveReportQuery report in query.Reports)
        {
            Filter(url, report.Report + ".", report.Filter);
        }

        return url.ToString();
    }

    internal static string Quarantine(QuarantineQuery query)
    {
        var url = new StringBuilder("v1/quarantine");
        Add(url, "code", query.Code);
        Add(url, "source", query.Source);
        Add(url, "skip", query.Skip > 0 ? query.Skip : null);
        Add(url, "limit", query.Take);
        return url.ToString();
    }

    private static void Filter(StringBuilder url, string prefix, ReportFilter filter)
    {
        Add(url, prefix + "from", filter.From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Add(url, prefix + "to", filter.To?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        foreach (string channel in filter.Channels ?? [])
        {
            Add(url, prefix + "channel", channel);
        }

        Add(url, prefix + "user", filter.Users is { } users ? string.Join(',', users) : null);
        Add(url, prefix + "top", filter.Top);
    }

    private static void Add(StringBuilder url, string name, object? value)
    {
        if (value is not null)
        {
            char separator = url.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?';
            url.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(Convert.ToString(value, CultureInfo.InvariantCulture)!));
        }
    }
}
