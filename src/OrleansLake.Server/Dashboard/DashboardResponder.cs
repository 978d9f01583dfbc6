using Microsoft.Net.Http.Headers;

namespace OrleansLake.Server.Dashboard;

/// <summary>Answers with the dashboard's files, each under a policy that lets it load from its own server only.</summary>
internal sealed class DashboardResponder(DashboardAssets assets, IEnumerable<string> frameAncestors)
{
    private const string FramePage = "embed.html";

    private const string PolicyOfAll =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors ";

    private readonly string _policy = PolicyOfAll + "'none'";
    private readonly string _framePolicy = PolicyOfAll + Ancestors(frameAncestors);

    internal async Task RespondAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        HttpResponse response = context.Response;
        string file = request.RouteValues["file"] as string ?? "";
        if (file.Length == 0 && !request.Path.Value!.EndsWith('/'))
        {
            // The page names its files relative to itself, and this is relative too: a proxy may have taken a prefix off.
            string path = request.PathBase.Add(request.Path).ToUriComponent();
            response.Headers.Location = $"{path[(path.LastIndexOf('/') + 1)..]}/{request.QueryString}";
            response.StatusCode = StatusCodes.Status308PermanentRedirect;
            return;
        }

        if (assets.Find(file) is not { } asset)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        IHeaderDictionary headers = response.Headers;
        headers.ETag = asset.Tag;
        headers.CacheControl = "no-cache";
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = file == FramePage ? _framePolicy : _policy;
        headers["Referrer-Policy"] = "no-referrer";

        // They hold no data: any site may load the component, which says in words if the lake is not for that site. The
        // component learns by the timing whether a connection is HTTP/2.
        headers.AccessControlAllowOrigin = "*";
        headers["Timing-Allow-Origin"] = "*";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (request.Headers.IfNoneMatch.ToString().Contains(asset.Tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        bool isPacked = request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value == "gzip" && coding.Quality is not 0);
        byte[] body = isPacked ? asset.Packed : asset.Bytes;
        if (isPacked)
        {
            headers.ContentEncoding = "gzip";
        }

        response.ContentType = asset.ContentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static string Ancestors(IEnumerable<string> ancestors) =>
        string.Join(' ', ancestors.Select(ancestor => ancestor.TrimEnd('/'))) is { Length: > 0 } sources ? sources : "'none'";
}
