using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OrleansLake.Client;
using OrleansLake.Server.Reports;
using OrleansLake.Server.Requests;
using OrleansLake.Server.Security;

namespace OrleansLake.Server.Endpoints;

/// <summary><c>GET /v1/reports/{report}</c>: a report at a position, in the format that is asked for.</summary>
internal static class ReportEndpoint
{
    internal static readonly string[] Parameters = ["date", "from", "to", "channel", "user", "top", "skip", "limit", "min_position"];

    internal static async Task HandleAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        ReportRequest request = Known(context, server, access) is { } known ? known : await ReadAsync(context, server, access).ConfigureAwait(false);
        RenderedReport? last = request.Last;
        ReportSnapshot snapshot = await server.Client.GetReportAsync(
            last is null ? request.Query : request.Query with { Known = last.Snapshot },
            request.Query.MinPosition is null ? CancellationToken.None : context.RequestAborted).ConfigureAwait(false);
        if (last is null || !ReferenceEquals(last.Snapshot, snapshot))
        {
            last = new RenderedReport(snapshot, request.Format);
            if (request.IsKept)
            {
                server.Reports.Keep(request, last);
            }
        }

        HttpResponse response = context.Response;
        IHeaderDictionary headers = response.Headers;
        headers.ETag = last.Tag;
        headers["Lake-Position"] = last.Position;
        headers["Lake-Time"] = last.Time;
        headers["Lake-Rows"] = last.Rows;
        headers.CacheControl = "no-cache";
        headers.Append(HeaderNames.Vary, "Accept, Authorization");
        if (Matches(context.Request.Headers.IfNoneMatch, last.Tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = ReportFormats.ContentTypeOf(request.Format);
        response.ContentLength = last.Bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.BodyWriter.WriteAsync(last.Bytes, CancellationToken.None).ConfigureAwait(false);
        }
    }

    // A token that is locked to something sees less of the same request.
    private static ReportRequest? Known(HttpContext context, LakeServer server, LakeAccess access) =>
        access.Reports is null && context.Request.Headers.Accept.Count <= 1
            ? server.Reports.Find(context.Request.Path.Value!, context.Request.QueryString.Value ?? "", context.Request.Headers.Accept.ToString()) : null;

    private static async ValueTask<ReportRequest> ReadAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        (string report, ReportFormat format) = ReportFormats.Of(context, (string)context.Request.RouteValues["report"]!);
        var text = new QueryText(context, Parameters);
        var query = new ReportQuery
        {
            Report = report,
            Filter = LockedFilters.Apply(access, report, await text.FilterAsync(server.Client).ConfigureAwait(false)),
            Skip = text.Number("skip", 0, int.MaxValue) ?? 0,
            Take = text.Number("limit", 0, int.MaxValue),
            MinPosition = text.Position("min_position"),
        };

        // Everyone's own position would push out what many ask for.
        bool isKept = access.Reports is null && query.MinPosition is null && context.Request.Headers.Accept.Count <= 1;
        var request = new ReportRequest(query, format) { IsKept = isKept };
        if (isKept)
        {
            server.Reports.Add(context.Request.Path.Value!, context.Request.QueryString.Value ?? "", context.Request.Headers.Accept.ToString(), request);
        }

        return request;
    }

    // Weak comparison, as RFC 9110 specifies for If-None-Match.
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
