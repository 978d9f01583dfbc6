using OrleansLake.Client;
using OrleansLake.Client.Http;
using OrleansLake.Server.Reports;
using OrleansLake.Server.Requests;
using OrleansLake.Server.Sinks;

namespace OrleansLake.Server.Endpoints;

/// <summary>The route <c>/v1/sinks</c>: how far the sinks of reports are.</summary>
internal static class SinkEndpoints
{
    internal static async Task ListAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        _ = new QueryText(context);

        // What fails names hosts and users.
        ReadingEndpoints.NotLocked(access);
        IReadOnlyList<SinkStatus> sinks = SinksOf(context, server) is { } known ? await known.GetSinksAsync(context.RequestAborted).ConfigureAwait(false) : [];
        await ReadingEndpoints.WriteAsync(context, null, json => SinkJson.Write(json, sinks)).ConfigureAwait(false);
    }

    // Those of the application, or of the server that it asks itself.
    private static ILakeSinks? SinksOf(HttpContext context, LakeServer server) =>
        context.RequestServices.GetRequiredService<SinkCatalog>().Names.Count > 0 ? context.RequestServices.GetRequiredService<ISinkPlacement>() : server.Client as ILakeSinks;
}
