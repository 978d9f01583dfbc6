using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OrleansLake.Server.Settings;

namespace OrleansLake.Server.Security;

/// <summary>
/// The access without a key where there are none: for those who ask from this machine, whom the application's own
/// authorization let in, and everybody if the options say so. Nobody else: a lake that nobody thought of closing is closed.
/// </summary>
internal sealed class AnonymousAccess(LakeServerOptions options, IEnumerable<ILakeAuthenticator> authenticators, IOptions<HostFilteringOptions> hosts, ServeSettings? serve = null)
{
    private const string Beyond =
        "This lake has no keys, so it answers on its own machine only. Give it keys (OrleansLake:Keys, see `lake key`), put the application's authorization on its routes "
        + "(MapOrleansLake().RequireAuthorization()), or set OrleansLake:IsOpenToEverybody to true.";

    // What ASP.NET's authorization middleware leaves behind; without it, what guards a route was not checked.
    private const string AuthorizationRan = "__AuthorizationMiddlewareWithEndpointInvoked";

    private static readonly StringSegment[] LoopbackHosts = ["localhost", "*.localhost"];
    private static readonly string[] ForwardingHeaders = ["X-Forwarded-For", "X-Real-IP", "Forwarded"];

    private readonly bool _isRequired = authenticators.Any(one => one.IsRequired);

    /// <summary>Gets a value indicating whether keys are required: then this decides nothing.</summary>
    internal bool AreKeysRequired => _isRequired;

    internal bool IsOpenToEverybody => options.IsOpenToEverybody;

    /// <summary>Returns whether a request is answered that brings no key.</summary>
    internal async ValueTask<bool> AllowsAsync(HttpContext context) =>
        options.IsOpenToEverybody || (IsFromThisMachine(context) && IsOwnHost(context.Request.Host)) || await IsLetInByApplicationAsync(context).ConfigureAwait(false);

    /// <summary>Returns the reason why a request is not answered, and what to do.</summary>
    internal string RefusalOf(HttpContext context) => serve is not null ? OfServer(serve)
        : !IsFromThisMachine(context) || IsOwnHost(context.Request.Host) ? Beyond
        : $"This lake has no keys, so it answers under this machine's own names only, and not as '{context.Request.Host.Host}'. "
        + "Ask for localhost or 127.0.0.1, name that host in the application's AllowedHosts, or give the lake keys (OrleansLake:Keys, see `lake key`).";

    // It listens on loopback only then, and is asked by its own names only: a proxy is between.
    private static string OfServer(ServeSettings serve) =>
        $"This lake has no keys, so it answers on its own machine only, and a proxy says that the request comes from another one. Make a key with `lake key`, and name the file with {serve.KeysSetting}.";

    // A page of another site may have its name lead to loopback (DNS rebinding): then the browser asks from this machine, under
    // that name. What the application allows by name is its own.
    private bool IsOwnHost(HostString host)
    {
        // A server of its own looks at the host of every request before.
        if (serve is not null || !host.HasValue || (IPAddress.TryParse(host.Host, out IPAddress? address) && IsLocal(address)))
        {
            return true;
        }

        // The star is what an application has that says nothing, too.
        IList<string> allowed = hosts.Value.AllowedHosts ?? [];
        bool isAnyNamed = allowed.Count == 0 || allowed.Any(static name => name is "*" or "[::]" or "0.0.0.0");
        return HostString.MatchesAny(host.Host, LoopbackHosts) || (!isAnyNamed && HostString.MatchesAny(host.Host, [.. allowed.Select(static name => new StringSegment(name))]));
    }

    /// <summary>Returns whether the application's own authorization guards what is asked for, and has let the request in.</summary>
    internal static async ValueTask<bool> IsLetInByApplicationAsync(HttpContext context) =>
        context.Items.ContainsKey(AuthorizationRan) && context.GetEndpoint() is { } endpoint && await IsAuthorizedAsync(endpoint.Metadata, context.RequestServices).ConfigureAwait(false);

    /// <summary>Returns whether the application's own authorization guards a route.</summary>
    internal static async ValueTask<bool> IsAuthorizedAsync(EndpointMetadataCollection metadata, IServiceProvider services)
    {
        if (metadata.GetMetadata<IAllowAnonymous>() is not null)
        {
            return false;
        }

        return metadata.GetMetadata<IAuthorizeData>() is not null || metadata.GetMetadata<AuthorizationPolicy>() is not null || metadata.GetMetadata<IAuthorizationRequirementData>() is not null
            || (services.GetService<IAuthorizationPolicyProvider>() is { } policies && await policies.GetFallbackPolicyAsync().ConfigureAwait(false) is not null);
    }

    /// <summary>
    /// Returns whether a request comes from this machine: both ends of its connection are on loopback, whatever forwarded headers made
    /// of them, or have no address (a Unix socket, a pipe, a test server); and no proxy says that it is between.
    /// </summary>
    internal static bool IsFromThisMachine(HttpContext context)
    {
        IConnectionEndPointFeature? transport = context.Features.Get<IConnectionEndPointFeature>();
        return IsLocal(context.Connection.RemoteIpAddress) && IsLocal(context.Connection.LocalIpAddress)
            && IsLocal((transport?.RemoteEndPoint as IPEndPoint)?.Address) && IsLocal((transport?.LocalEndPoint as IPEndPoint)?.Address)
            && ForwardingHeaders.All(name => AreLocal(context.Request.Headers[name]));
    }

    internal static bool IsLocal(IPAddress? address) =>
        address is null || IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    // "203.0.113.9, 127.0.0.1:5000"; "for=203.0.113.9;proto=https, for=\"[::1]\"". What is not an address may be anybody.
    private static bool AreLocal(StringValues header)
    {
        if (header.Count == 0)
        {
            return true;
        }

        foreach (string hop in header.SelectMany(value => (value ?? "").Split(',')))
        {
            string[] parts = hop.Split(';', StringSplitOptions.TrimEntries);
            string node = (parts.FirstOrDefault(part => part.StartsWith("for=", StringComparison.OrdinalIgnoreCase))?[4..] ?? parts[0]).Trim('"');
            if (!(IPAddress.TryParse(node, out IPAddress? address) || (IPEndPoint.TryParse(node, out IPEndPoint? point) && (address = point.Address) is not null)) || !IsLocal(address))
            {
                return false;
            }
        }

        return true;
    }
}
