using Microsoft.Net.Http.Headers;
using OrleansLake.Server.Errors;

namespace OrleansLake.Server.Security;

/// <summary>
/// Lets pages of the sites that <see cref="LakeServerOptions.AllowedOrigins"/> names read what the lake's routes answer (CORS), in
/// an application too, which need not have <c>UseCors</c>.
/// </summary>
internal sealed class LakeOrigins(IEnumerable<string> allowed)
{
    /// <summary>The methods that a page may use.</summary>
    internal static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Post];

    /// <summary>The headers of a response that a page may see.</summary>
    internal static readonly string[] Exposed = ["ETag", "Lake-Position", "Lake-Time", "Lake-Rows", "Retry-After"];

    private static readonly string MethodsText = string.Join(',', Methods);
    private static readonly string ExposedText = string.Join(',', Exposed);

    private readonly HashSet<string> _allowed = new(allowed.Select(static origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets a value indicating whether there are such sites.</summary>
    internal bool AreAny => _allowed.Count > 0;

    /// <summary>Adds to a response that the page that asks may read it, if it may.</summary>
    internal void Answer(HttpContext context)
    {
        if (AreAny && IsAllowed(context))
        {
            context.Response.Headers.AccessControlExposeHeaders = ExposedText;
        }
    }

    /// <summary>Answers the question that a browser asks before a request of another site's page.</summary>
    internal Task AnswerPreflightAsync(HttpContext context)
    {
        IHeaderDictionary asked = context.Request.Headers;
        if (asked.Origin.Count == 0 || asked.AccessControlRequestMethod.Count == 0)
        {
            context.Response.Headers.Allow = "GET, HEAD, POST";
            return Problem.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "method-not-allowed", "OPTIONS is for browsers, which ask with Origin and Access-Control-Request-Method.");
        }

        if (IsAllowed(context))
        {
            context.Response.Headers.AccessControlAllowMethods = MethodsText;
            context.Response.Headers.AccessControlAllowHeaders = asked.AccessControlRequestHeaders;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>Returns whether a page of a site that is neither the lake's own nor an allowed one sends a request, as its browser says.</summary>
    internal bool IsOfOtherSite(HttpContext context)
    {
        IHeaderDictionary asked = context.Request.Headers;
        string origin = asked.Origin.ToString();
        return origin.Length == 0 ? asked["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site"
            : !_allowed.Contains(origin) && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? site) && new HostString(site.Authority) == context.Request.Host);
    }

    private bool IsAllowed(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        string origin = context.Request.Headers.Origin.ToString();
        bool isAllowed = _allowed.Contains(origin);
        if (isAllowed)
        {
            headers.AccessControlAllowOrigin = origin;
        }

        return isAllowed;
    }
}
