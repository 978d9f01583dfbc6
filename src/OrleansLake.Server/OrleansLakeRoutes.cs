using OrleansLake.Server.Endpoints;
using OrleansLake.Server.OpenApi;
using OrleansLake.Server.Reports;
using OrleansLake.Server.Requests;
using OrleansLake.Server.Security;
using OrleansLake.Server.Settings;

namespace OrleansLake.Server;

/// <summary>The routes by which a lake is spoken to.</summary>
public static class OrleansLakeRoutes
{
    private const string DescriptionRoute = "/openapi/v1.json";

    internal static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>
    /// Maps <c>/v1/...</c>, <c>/metrics</c> and <c>/openapi/v1.json</c>. An application's health is its own:
    /// <see cref="MapOrleansLakeHealth"/> maps routes for the lake's, and <c>AddHealthChecks().AddOrleansLake()</c> puts it among others.
    /// </summary>
    /// <param name="routes">The application.</param>
    /// <remarks>
    /// Pages of <see cref="LakeServerOptions.AllowedOrigins"/> may read them, without <c>UseCors</c>. Where the application has
    /// <c>UseCors</c>, that answers browsers' preflights, and its policy has to name these sites, too.
    /// </remarks>
    /// <returns>For conventions on all of them.</returns>
    public static IEndpointConventionBuilder MapOrleansLake(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        LakeRegistration.Required(routes.ServiceProvider, nameof(MapOrleansLake));
        RouteGroupBuilder group = routes.MapGroup("");
        List<string> mapped = [];
        Map(HttpMethods.Post, "/v1/messages", LakeScopes.Ingest, SendEndpoint.HandleAsync);
        Map(HttpMethods.Get, "/v1/messages", LakeScopes.Read, ReadingEndpoints.MessageByQueryAsync);

        // An id may hold what separates a path's parts.
        Map(HttpMethods.Get, "/v1/messages/{**id}", LakeScopes.Read, ReadingEndpoints.MessageByPathAsync);
        Map(HttpMethods.Get, "/v1/reports/{report}", LakeScopes.Read, ReportEndpoint.HandleAsync);
        Map(HttpMethods.Get, "/v1/reports/{report}/stream", LakeScopes.Read, StreamEndpoint.HandleOneAsync);
        Map(HttpMethods.Get, "/v1/stream", LakeScopes.Read, StreamEndpoint.HandleAllAsync);
        Map(HttpMethods.Get, "/v1/ledger", LakeScopes.Read, ReadingEndpoints.LedgerAsync);
        Map(HttpMethods.Get, "/v1/status", LakeScopes.Read, ReadingEndpoints.StatusAsync);
        Map(HttpMethods.Get, "/v1/quarantine", LakeScopes.Admin, ReadingEndpoints.QuarantineAsync);
        Map(HttpMethods.Get, "/v1/mappings", LakeScopes.Admin, MappingEndpoints.ListAsync);
        Map(HttpMethods.Get, "/v1/mappings/{name}", LakeScopes.Admin, MappingEndpoints.GetAsync);
        Map(HttpMethods.Put, "/v1/mappings/{name}", LakeScopes.Admin, MappingEndpoints.SetAsync);
        Map(HttpMethods.Delete, "/v1/mappings/{name}", LakeScopes.Admin, MappingEndpoints.RemoveAsync);
        Map(HttpMethods.Get, "/v1/sources", LakeScopes.Read, SourceEndpoints.ListAsync);
        Map(HttpMethods.Post, "/v1/sources/{name}/pause", LakeScopes.Admin, SourceEndpoints.PauseAsync);
        Map(HttpMethods.Post, "/v1/sources/{name}/resume", LakeScopes.Admin, SourceEndpoints.ResumeAsync);
        Map(HttpMethods.Post, "/v1/sources/{name}/seek", LakeScopes.Admin, SourceEndpoints.SeekAsync);
        Map(HttpMethods.Get, "/v1/sinks", LakeScopes.Read, SinkEndpoints.ListAsync);
        Map(HttpMethods.Post, "/v1/embed-tokens", LakeScopes.Admin, EmbedTokenEndpoint.HandleAsync);

        // An application that has routes of its own under these names keeps them.
        Map(HttpMethods.Get, "/metrics", LakeScopes.Admin, HealthEndpoints.MetricsAsync).WithOrder(1);
        Map(HttpMethods.Get, DescriptionRoute, LakeScopes.Read, DescribeAsync).WithOrder(1);
        MapPreflights(group, routes.ServiceProvider, mapped);
        return group;

        IEndpointConventionBuilder Map(string method, string route, LakeScopes scope, Func<HttpContext, LakeServer, LakeAccess, Task> handle)
        {
            mapped.Add(route);
            return OrleansLakeRoutes.Map(group, method, route, scope, handle);
        }
    }

    /// <summary>
    /// Maps <c>/health</c> (200 while the lake takes messages, else 503) and <c>/alive</c> (200 while the process answers), both
    /// without a key: as <c>lake serve</c> has them.
    /// </summary>
    /// <param name="routes">The application, or a group of its routes.</param>
    /// <returns>For conventions on both.</returns>
    public static IEndpointConventionBuilder MapOrleansLakeHealth(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        LakeRegistration.Required(routes.ServiceProvider, nameof(MapOrleansLakeHealth));
        RouteGroupBuilder group = routes.MapGroup("");
        group.MapMethods("/health", Reads, HealthEndpoints.HealthAsync).WithMetadata(LakeOperations.Of("/health", LakeScopes.None));
        group.MapMethods("/alive", Reads, HealthEndpoints.AliveAsync).WithMetadata(LakeOperations.Of("/alive", LakeScopes.None));
        return group;
    }

    // A browser asks without a key or a cookie before it sends one: the request is answered in any case.
    private static void MapPreflights(RouteGroupBuilder group, IServiceProvider services, IEnumerable<string> mapped)
    {
        var origins = new LakeOrigins(services.GetService<ServeSettings>() is null ? services.GetRequiredService<LakeServerOptions>().AllowedOrigins : []);
        foreach (string route in origins.AreAny ? mapped.Distinct(StringComparer.Ordinal) : [])
        {
            group.MapMethods(route, [HttpMethods.Options], (RequestDelegate)origins.AnswerPreflightAsync).AllowAnonymous().ExcludeFromDescription().WithOrder(1);
        }
    }

    private static IEndpointConventionBuilder Map(RouteGroupBuilder group, string method, string route, LakeScopes scope, Func<HttpContext, LakeServer, LakeAccess, Task> handle) =>
        group.MapMethods(route, method == HttpMethods.Get ? Reads : [method], LakeEndpoint.Of(route.Replace("{**", "{", StringComparison.Ordinal), scope, handle)).WithMetadata(LakeOperations.Of(method == HttpMethods.Get ? route : $"{method} {route}", scope));

    private static async Task DescribeAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        _ = new QueryText(context);
        string prefix = OpenApiDocument.PathOf((RouteEndpoint)context.GetEndpoint()!)[..^DescriptionRoute.Length];
        string asked = context.Request.Path.Value!.TrimEnd('/');
        await server.Client.GetIdTypesAsync(context.RequestAborted).ConfigureAwait(false);
        byte[] document = OpenApiDocument.Write(
            context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>(),
            prefix,
            context.Request.PathBase.Add(asked[..^DescriptionRoute.Length]).ToUriComponent(),
            server.Client.Reports);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.BodyWriter.WriteAsync(document, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
