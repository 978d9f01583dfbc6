using System.Globalization;
using System.Text;
using OrleansLake.Client;
using OrleansLake.Core.Messages;

namespace OrleansLake.Server.Live;

/// <summary>Names what is watched as text: the same for the same, so that those who watch the same share a feed.</summary>
internal static class FeedName
{
    internal static string Of(IReadOnlyList<LiveReportQuery> reports, bool withStatus)
    {
        var name = new StringBuilder();
        foreach (LiveReportQuery report in reports)
        {
            ReportFilter filter = report.Filter;
            name.Append(CultureInfo.InvariantCulture, $"{report.Report} from={filter.From:O} to={filter.To:O} top={filter.Top}");
            foreach (string channel in filter.Channels?.Order(StringComparer.Ordinal).Distinct() ?? [])
            {
                name.Append(CultureInfo.InvariantCulture, $" channel={channel.Length}:{channel}");
            }

            name.Append(filter.Channels is null ? "" : " channels");
            foreach (IdValue user in filter.Users?.Order().Distinct() ?? [])
            {
                name.Append(CultureInfo.InvariantCulture, $" user={user.ToString().Length}:{user}");
            }

            name.Append(filter.Users is null ? "" : " users").Append('\n');
        }

        return name.Append(withStatus).ToString();
    }
}
