using System.Globalization;
using System.Text;
using OrleansLake.Client.Faults;

namespace OrleansLake.Client.Http;

/// <summary>The server's routes with their parameters. What they cannot hold is refused: nothing else is asked for instead.</summary>
internal static class LakeUrls
{
    internal static string Message(string messageId)
    {
        ArgumentNullException.ThrowIfNull(messageId);

        // In the query, which can hold every text: a path has no "..", and proxies read %2F in it as they like.
        return messageId.Length > 0 ? $"v1/messages?id={Escape(messageId, "id")}" : throw Unusable("A message's id is not empty.");
    }

    internal static string Send(SendOptions send)
    {
        if (!send.Strict && !send.WaitForReports && send.Mapping is null && send.ErrorsMax == SendErrors.ErrorsMax)
        {
            return "v1/messages";
        }

        var url = new StringBuilder("v1/messages");
        Add(url, "strict", send.Strict ? "true" : null);
        Add(url, "mapping", send.Mapping);
        Add(url, "wait", send.WaitForReports ? "report" : null);
        Add(url, "errors", send.ErrorsMax == SendErrors.ErrorsMax ? null : send.ErrorsMax);
        return url.ToString();
    }

    internal static string Mapping(string name) => $"v1/mappings/{Escape(name, "name")}";

    internal static string Pause(string source, bool isPaused) => $"v1/sources/{Escape(source, "source")}/{(isPaused ? "pause" : "resume")}";

    internal static string Seek(SourceSeek seek)
    {
        var url = new StringBuilder($"v1/sources/{Escape(seek.Source, "source")}/seek");
        Add(url, "offset", seek.ToText);
        Add(url, "topic", seek.Topic);
        Add(url, "partition", seek.Partition);
        return url.ToString();
    }

    internal static string Report(ReportQuery query)
    {
        var url = new StringBuilder($"v1/reports/{Escape(query.Report, "report")}.json");
        Filter(url, "", query.Filter);
        Add(url, "skip", query.Skip > 0 ? query.Skip : null);
        Add(url, "limit", query.Take);
        Add(url, "min_position", query.MinPosition);
        return url.ToString();
    }

    internal static string Stream(LiveQuery query)
    {
        if (query.Reports.Count == 0)
        {
            throw Unusable("No report is to be watched: name at least one.");
        }

        var url = new StringBuilder("v1/stream");
        Add(url, "reports", string.Join(',', query.Reports.Select(report => report.Report)));
        Add(url, "status", query.WithStatus ? "true" : null);
        foreach (LiveReportQuery report in query.Reports)
        {
            Filter(url, Escape(report.Report, "report") + ".", report.Filter);
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
        if (filter.Channels is [] || filter.Users is [])
        {
            throw Unusable("A filter without a single channel or user lets nothing through: name at least one, or leave it null for all.");
        }

        foreach (string channel in filter.Channels ?? [])
        {
            // Commas separate channels.
            Add(url, prefix + "channel", channel.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal));
        }

        Add(url, prefix + "user", filter.Users is { } users ? string.Join(',', users) : null);
        Add(url, prefix + "top", filter.Top);
    }

    private static void Add(StringBuilder url, string name, object? value)
    {
        if (value is not null)
        {
            char separator = url.ToString().Contains('?', StringComparison.Ordinal) ? '&' : '?';
            url.Append(separator).Append(name).Append('=').Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture)!, name));
        }
    }

    private static string Escape(string text, string what)
    {
        // It would be escaped as the mark for what cannot be read, and something else would be asked for.
        UnicodeText.Check(text, what);
        return Uri.EscapeDataString(text);
    }

    private static LakeClientException Unusable(string message) => new(LakeClientErrorKind.BadRequest, message);
}
