using Microsoft.AspNetCore.Http.Features;

namespace OrleansLake.Server.Endpoints;

/// <summary>The id in a request's path behind <c>/v1/messages/</c>, as it was before it was escaped.</summary>
/// <remarks>
/// A server hands on a path in which all is unescaped but <c>%2F</c>, so that an id <c>a/b</c> and one that holds those three
/// characters look alike. What the client wrote distinguishes them.
/// </remarks>
internal static class MessagePath
{
    private const string Route = "/v1/messages/";

    internal static string? IdOf(HttpContext context)
    {
        string id = (string?)context.Request.RouteValues["id"] ?? "";
        string target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        int query = target.IndexOf('?', StringComparison.Ordinal);
        target = query < 0 ? target : target[..query];
        for (int at = target.IndexOf(Route, StringComparison.OrdinalIgnoreCase); at >= 0; at = target.IndexOf(Route, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            string written = Uri.UnescapeDataString(target[(at + Route.Length)..]);

            // Other than this, what was written is not what was routed: somebody has rewritten the path since.
            if (WithSlashes(written) == WithSlashes(id))
            {
                return written;
            }
        }

        return WithSlashes(id);
    }

    private static string WithSlashes(string path) => path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
