using System.Net;
using Microsoft.Extensions.Primitives;
using OrleansLake.Server.Errors;
using OrleansLake.Server.Security;
using OrleansLake.Server.Settings;

namespace OrleansLake.Server.Hosting;

/// <summary>Answers what no route answers, and who asks for another host.</summary>
/// <param name="settings">The server's settings.</param>
/// <param name="ownHosts">The names that it answers to beside any loopback address, which no name server can lead here; null: the host's own
/// filter decides.</param>
internal sealed class StatusAnswers(ServeSettings settings, IEnumerable<string>? ownHosts) : IStartupFilter
{
    private readonly StringSegment[]? _ownHosts = ownHosts?.Select(static name => new StringSegment(name)).ToArray();

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseStatusCodePages(context => WriteStatusAsync(context.HttpContext));
        app.Use((context, rest) => IsOwnHost(context.Request.Host) ? rest(context) : WriteWrongHostAsync(context));
        next(app);
    };

    private bool IsOwnHost(HostString host) =>
        _ownHosts is null || !host.HasValue || (IPAddress.TryParse(host.Host, out IPAddress? address) && AnonymousAccess.IsLocal(address)) || HostString.MatchesAny(host.Host, _ownHosts);

    private Task WriteStatusAsync(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Problem.WriteAsync(context, 404, "not-found", "There is nothing here; /openapi/v1.json lists what there is."),
        StatusCodes.Status405MethodNotAllowed => Problem.WriteAsync(context, 405, "method-not-allowed", $"This takes {context.Response.Headers.Allow} only."),
        StatusCodes.Status400BadRequest when context.GetEndpoint() is null => WriteWrongHostAsync(context),
        int status => Problem.WriteAsync(context, status, "bad-request", "The request cannot be answered."),
    };

    private Task WriteWrongHostAsync(HttpContext context)
    {
        string instead = _ownHosts is null && settings.AllowedHosts.Count > 0 ? string.Join(" or ", settings.AllowedHosts) : "localhost or 127.0.0.1";
        return Problem.WriteAsync(context, 400, "wrong-host", $"The server is not called '{context.Request.Host.Host}'. Ask for {instead}" + (settings.AllowedHostsSetting is { } setting
            ? $", or start the server with {setting} {context.Request.Host.Host}{(settings.AllowedHosts.Count > 0 ? " as well" : "")}."
            : $"; it answers to other names where {settings.UrlsSetting} is beyond loopback."));
    }
}
