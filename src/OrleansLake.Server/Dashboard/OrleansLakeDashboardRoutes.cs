using OrleansLake.Server.Dashboard;
using OrleansLake.Server.Requests;

namespace OrleansLake.Server;

/// <summary>The dashboard's routes.</summary>
public static class OrleansLakeDashboardRoutes
{
    /// <summary>
    /// Serves the dashboard at a prefix, the web component at <c>{prefix}/orleans-lake-report.js</c>, and the component as
    /// a page for frames at <c>{prefix}/embed.html</c>. These files hold no data: what they show they read from
    /// <see cref="OrleansLakeRoutes.MapOrleansLake"/>'s routes of the same <paramref name="routes"/>, with a key if these
    /// ask for one. To ask for more, <c>.RequireAuthorization()</c> what is returned.
    /// </summary>
    /// <param name="routes">The application, or a group of its routes.</param>
    /// <param name="prefix">The dashboard's path there.</param>
    public static IEndpointConventionBuilder MapOrleansLakeDashboard(this IEndpointRouteBuilder routes, string prefix = "/dashboard")
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(prefix);
        string path = prefix.Trim('/');
        LakeServerOptions options = LakeRegistration.Required(routes.ServiceProvider, nameof(MapOrleansLakeDashboard)).GetRequiredService<LakeServerOptions>();
        var responder = new DashboardResponder(new DashboardAssets(ApiFrom(path)), options.Embed.FrameAncestors);

        RouteGroupBuilder group = routes.MapGroup("/" + path);
        group.MapMethods("/{**file}", [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)responder.RespondAsync);
        return group.ExcludeFromDescription().WithDisplayName("OrleansLake dashboard");
    }

    // Relative to the page, so that it holds behind any proxy and below any path base.
    private static string ApiFrom(string path) =>
        "./" + string.Concat(Enumerable.Repeat("../", path.Length == 0 ? 0 : path.Split('/').Length));
}
