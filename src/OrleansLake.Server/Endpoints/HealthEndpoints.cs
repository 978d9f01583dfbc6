using System.Text.Json;
using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Server.Diagnostics;
using OrleansLake.Server.Requests;

namespace OrleansLake.Server.Endpoints;

/// <summary>
/// <c>/alive</c>: the process answers. <c>/health</c>: it takes messages and its pipeline runs; 503 otherwise. Both
/// without a key, and without a figure.
/// </summary>
internal static class HealthEndpoints
{
    internal const string Healthy = "healthy";

    internal static Task AliveAsync(HttpContext context) => WriteAsync(context, "alive", isUp: true);

    internal static Task HealthAsync(HttpContext context)
    {
        string state = StateOf(context.RequestServices);
        return WriteAsync(context, state, state == Healthy);
    }

    /// <summary>Returns one word that says whether the lake accepts messages.</summary>
    internal static string StateOf(IServiceProvider services)
    {
        DrainState drain = services.GetRequiredService<DrainState>();
        return drain.HasBegun ? "draining" : services.GetService<LakeHost>() is { IsRunning: false } || (services.GetService<ILakeClient>() as ILakeOutage)?.Outage(looks: true) is not null ? "unhealthy" : Healthy;
    }

    internal static Task MetricsAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        _ = new Reports.QueryText(context);
        return WriteMetricsAsync(context, server);
    }

    internal static Task WriteMetricsAsync(HttpContext context, LakeServer server)
    {
        context.Response.ContentType = PrometheusText.ContentType;
        return context.Response.WriteAsync(server.Prometheus.Write(), context.RequestAborted);
    }

    internal static async Task WriteAsync(HttpContext context, string state, bool isUp)
    {
        context.Response.StatusCode = isUp ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, state);
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
