using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using OrleansLake.Client;
using OrleansLake.Client.Reports;
using OrleansLake.Core.Reports;
using OrleansLake.Server.Embedding;
using OrleansLake.Server.Errors;
using OrleansLake.Server.Live;
using OrleansLake.Server.Reports;
using OrleansLake.Server.Requests;
using OrleansLake.Server.Security;

namespace OrleansLake.Server.Endpoints;

/// <summary>
/// Event streams: <c>GET /v1/reports/{report}/stream</c> for one report, <c>GET /v1/stream</c> for several and the
/// counts in one connection.
/// </summary>
internal static class StreamEndpoint
{
    // Short, so that pages know within seconds that the server is gone: a dead connection says nothing.
    internal static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(4);

    // A connection that reads nothing for that long is gone, or as good as gone.
    private static readonly TimeSpan WriteMax = TimeSpan.FromSeconds(10);

    // Frames that wait already are sent together, up to this.
    private const int UnsentMax = 64 * 1024;

    private static readonly string[] FilterParameters = ["date", "from", "to", "channel", "user", "top"];

    internal static string[] OneParameters { get; } = [.. FilterParameters, "status", "last_event_id", EmbedTokenAuthenticator.Parameter];

    /// <summary>Gets the parameters of several reports, without those that a report's name is put before.</summary>
    internal static string[] AllParameters { get; } = ["reports", "status", "last_event_id", EmbedTokenAuthenticator.Parameter];

    /// <summary>Returns the parameters that a report's name is put before.</summary>
    internal static IEnumerable<string> ParametersOf(IEnumerable<ReportDefinition> reports) =>
        reports.SelectMany(static report => FilterParameters.Select(name => $"{report.Name}.{name}"));

    internal static async Task HandleOneAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        var text = new QueryText(context, OneParameters);
        string report = (string)context.Request.RouteValues["report"]!;
        LiveReportQuery query = Checked(server, report, LockedFilters.Apply(access, report, await text.FilterAsync(server.Client).ConfigureAwait(false)));
        await StreamAsync(context, server, access, text, [query], text.Flag("status")).ConfigureAwait(false);
    }

    internal static async Task HandleAllAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        var text = new QueryText(context, [.. AllParameters, .. ParametersOf(server.Client.Reports)]);
        List<string> reports = text.Texts("reports") ?? [.. access.Reports?.Keys ?? server.Client.Reports.Select(report => report.Name)];
        List<LiveReportQuery> queries = [];
        foreach (string report in reports)
        {
            if (queries.Exists(query => query.Report == report))
            {
                throw RequestException.Bad("bad-parameter", $"'{report}' occurs twice in 'reports'.");
            }

            queries.Add(Checked(server, report, LockedFilters.Apply(access, report, await text.FilterAsync(server.Client, report + ".").ConfigureAwait(false))));
        }

        // It would narrow nothing, and nobody would know.
        if (text.FirstOf(ParametersOf(server.Client.Reports.Where(report => !reports.Contains(report.Name)))) is { } idle)
        {
            throw RequestException.Bad("bad-parameter", $"'{idle}' is of a report that is not asked for: name it in 'reports', or leave the parameter out.");
        }

        await StreamAsync(context, server, access, text, queries, text.Flag("status")).ConfigureAwait(false);
    }

    private static LiveReportQuery Checked(LakeServer server, string report, ReportFilter filter)
    {
        ReportDefinition definition = ReportPages.Definition(server.Client.Reports, report);
        return filter.FieldThatDoesNotFit(definition) is { } field
            ? throw RequestException.Bad("bad-parameter", $"{report} has no rows by {ReportDefinition.ColumnName(field)}.")
            : new LiveReportQuery(report, filter);
    }

    private static async Task StreamAsync(
        HttpContext context, LakeServer server, LakeAccess access, QueryText text, IReadOnlyList<LiveReportQuery> reports, bool withStatus)
    {
        if (withStatus && access.Reports is not null)
        {
            throw new RequestException(StatusCodes.Status403Forbidden, "forbidden", "This token may read reports only, not the lake's counts.");
        }

        IPAddress address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (server.Streams.TryEnter(address) is { } full)
        {
            Problem.RetryAfter(context, TimeSpan.FromSeconds(10));
            throw new RequestException(StatusCodes.Status429TooManyRequests, "too-many-streams", full);
        }

        try
        {
            string name = FeedName.Of(reports, withStatus);
            Feed feed = server.Feeds.Join(name, new LiveQuery { Reports = reports, WithStatus = withStatus });
            try
            {
                await SendAsync(context, server, access, feed, After(context, text)).ConfigureAwait(false);
            }
            finally
            {
                server.Feeds.Leave(name, feed);
            }
        }
        finally
        {
            server.Streams.Leave(address);
        }
    }

    private static async Task SendAsync(HttpContext context, LakeServer server, LakeAccess access, Feed feed, LakePosition? after)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, server.Drain.Token);
        if (access.ExpiresAt is { } expires)
        {
            // A timer counts whole milliseconds and may fire within the last of them: one more, so that the token has ended when its stream does.
            double left = Math.Ceiling((expires - server.Clock.GetUtcNow()).TotalMilliseconds) + 1;
            end.CancelAfter(TimeSpan.FromMilliseconds(Math.Max(left, 0)));
        }

        HttpResponse response = context.Response;
        try
        {
            FeedStart start = await feed.StartAsync(after, end.Token).ConfigureAwait(false);
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-store";
            response.Headers["X-Accel-Buffering"] = "no";
            if (HttpMethods.IsHead(context.Request.Method))
            {
                // Its client has all that it gets, and may send the next request by this connection.
                return;
            }

            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            PipeWriter writer = response.BodyWriter;
            Write(writer, "retry: 1000\n\n"u8);
            await FlushAsync(writer, start.Bytes, end.Token).ConfigureAwait(false);
            long next = start.NextFrame;
            int unsent = 0;
            while (true)
            {
                FeedFrame? frame = feed.FrameAt(next, out bool isGone, out Task advanced);
                if (isGone)
                {
                    Write(writer, "event: too-slow\ndata: {\"reason\":\"The stream was faster than its reader; connect again.\"}\n\n"u8);
                    await FlushAsync(writer, default, end.Token).ConfigureAwait(false);
                    server.Metrics.SlowWatcher();
                    return;
                }

                if (frame is not null)
                {
                    Write(writer, frame.Bytes);
                    next++;
                    unsent += frame.Bytes.Length;
                    if (unsent < UnsentMax)
                    {
                        continue;
                    }
                }

                if (unsent > 0)
                {
                    await FlushAsync(writer, default, end.Token).ConfigureAwait(false);
                    unsent = 0;
                }

                if (frame is null && !await HasAdvancedAsync(advanced, end.Token).ConfigureAwait(false))
                {
                    Write(writer, ": keep-alive\n\n"u8);
                    await FlushAsync(writer, default, end.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client left, the token expired, or the server stops: the stream just ends.
        }
        catch (LakeClientException) when (response.HasStarted)
        {
            // The lake went away: clients connect again, and are notified then.
        }
    }

    private static async ValueTask<bool> HasAdvancedAsync(Task advanced, CancellationToken cancellationToken)
    {
        try
        {
            await advanced.WaitAsync(KeepAlive, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static void Write(PipeWriter writer, ReadOnlySpan<byte> bytes)
    {
        System.Buffers.BuffersExtensions.Write(writer, bytes);
    }

    private static async ValueTask FlushAsync(PipeWriter writer, ReadOnlyMemory<byte> more, CancellationToken cancellationToken)
    {
        ValueTask<FlushResult> flush = more.IsEmpty ? writer.FlushAsync(cancellationToken) : writer.WriteAsync(more, cancellationToken);
        if (flush.IsCompletedSuccessfully)
        {
            _ = flush.Result;
            return;
        }

        try
        {
            await flush.AsTask().WaitAsync(WriteMax, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new OperationCanceledException("the client takes nothing", e);
        }
    }

    // What cannot be read as a position is one that is not known: the client starts over.
    private static LakePosition? After(HttpContext context, QueryText text)
    {
        string? id = context.Request.Headers["Last-Event-ID"] is { Count: 1 } header ? header[0] : text.Text("last_event_id");
        return string.IsNullOrEmpty(id) ? null
            : LakePosition.TryParse(id, out LakePosition? position) ? position : new LakePosition(long.MaxValue, 0);
    }
}
