using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OrleansLake.Client;
using OrleansLake.Server.Hosting;
using OrleansLake.Server.Security;

namespace OrleansLake.Server.Reports;

/// <summary><c>GET /v1/reports/{report}</c>: a report at a position, in the format that is asked for.</summary>
internal static class ReportEndpoint
{
    internal static readonly string[] Parameters = ["date", "from", "to", "channel", "user", "top", "skip", "limit", "min_position"];

    internal static async Task HandleAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        (string report, ReportFormat format) = ReportFormats.Of(context, (string)context.Request.RouteValues["report"]!);
        var text = new QueryText(context, Parameters);
        var query = new ReportQuery
        {
            Report = report,
            Filter = LockedFilters.Apply(access, report, text.Filter()),
            Skip = text.Number("skip", 0, int.MaxValue) ?? 0,
            Take = text.Number("limit", 0, int.MaxValue),
            MinPosition = text.Position("min_position"),
        };
        ReportSnapshot snapshot = await server.Client.GetReportAsync(query, context.RequestAborted).ConfigureAwait(false);

        HttpResponse response = context.Response;
        string position = snapshot.Position.ToString();
        string tag = $"\"{position}\"";
        response.Headers.ETag = tag;
        response.Headers["Lake-Position"] = position;
        response.Headers["Lake-Time"] = ReportJson.TimeText(snapshot.Time);
        response.Headers["Lake-Rows"] = snapshot.RowsInAll.ToString(CultureInfo.InvariantCulture);
        response.Headers.CacheControl = "no-cache";
        response.Headers.Append(HeaderNames.Vary, "Accept, Authorization");
        if (Matches(context.Request.Headers.IfNoneMatch, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        byte[] body = access.Reports is null
            ? server.Rendered.Get(context.Request.Path.Value!, context.Request.QueryString.Value ?? "", format, snapshot)
            : ReportFormats.Render(snapshot, format);
        response.ContentType = ReportFormats.ContentTypeOf(format);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.BodyWriter.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    // Weak comparison, as RFC 9110 has it for If-None-Match.
    private static bool Matches(StringValues header, string tag)
    {
        foreach (string? value in header)
        {
            foreach (string one in (value ?? "").Split(','))
            {
                string trimmed = one.Trim();
                if (trimmed == "*" || trimmed == tag || (trimmed.StartsWith("W/", StringComparison.Ordinal) && trimmed[2..] == tag))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
