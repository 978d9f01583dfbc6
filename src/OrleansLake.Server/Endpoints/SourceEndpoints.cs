using OrleansLake.Client;
using OrleansLake.Client.Http;
using OrleansLake.Server.Errors;
using OrleansLake.Server.Reports;
using OrleansLake.Server.Requests;
using OrleansLake.Server.Sources;

namespace OrleansLake.Server.Endpoints;

/// <summary>The routes below <c>/v1/sources</c>: how far the sources of topics are, and what an operator may do with them.</summary>
internal static class SourceEndpoints
{
    internal static readonly string[] SeekParameters = ["offset", "topic", "partition"];

    internal static async Task ListAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        _ = new QueryText(context);

        // What fails names hosts and users.
        ReadingEndpoints.NotLocked(access);
        IReadOnlyList<SourceStatus> sources = SourcesOf(context, server) is { } known ? await known.GetSourcesAsync(context.RequestAborted).ConfigureAwait(false) : [];
        await ReadingEndpoints.WriteAsync(context, null, json => SourceJson.Write(json, sources)).ConfigureAwait(false);
    }

    internal static Task PauseAsync(HttpContext context, LakeServer server, LakeAccess access) => SetPausedAsync(context, server, isPaused: true);

    internal static Task ResumeAsync(HttpContext context, LakeServer server, LakeAccess access) => SetPausedAsync(context, server, isPaused: false);

    internal static async Task SeekAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        var query = new QueryText(context, SeekParameters);
        string to = query.Text("offset") ?? throw RequestException.Bad("bad-parameter", "'offset' is missing: earliest, latest, or a whole number.");
        SourceSeek seek = new SourceSeek(NameOf(context)) { Topic = query.Text("topic"), Partition = query.Number("partition", 0, int.MaxValue) }.To(to)
            ?? throw RequestException.Bad("bad-parameter", "'offset' is to be earliest, latest, or a whole number from 0.");
        IReadOnlyList<SourceMove> moves = await RequiredOf(context, server).SeekAsync(seek, context.RequestAborted).ConfigureAwait(false);
        await ReadingEndpoints.WriteAsync(context, null, json => SourceJson.Write(json, moves)).ConfigureAwait(false);
    }

    private static async Task SetPausedAsync(HttpContext context, LakeServer server, bool isPaused)
    {
        _ = new QueryText(context);
        await RequiredOf(context, server).SetPausedAsync(NameOf(context), isPaused, context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    // Those of the application, or of the server that it asks itself.
    private static ILakeSources? SourcesOf(HttpContext context, LakeServer server) =>
        context.RequestServices.GetRequiredService<SourceCatalog>().Names.Count > 0 ? context.RequestServices.GetRequiredService<ISourcePlacement>() : server.Client as ILakeSources;

    private static ILakeSources RequiredOf(HttpContext context, LakeServer server) =>
        SourcesOf(context, server) ?? throw new LakeClientException(LakeClientErrorKind.NotFound, $"There is no source {NameOf(context)}: the lake reads none of topics.");

    private static string NameOf(HttpContext context) => (string)context.GetRouteValue("name")!;
}
