using System.Diagnostics;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using OrleansLake.Client;
using OrleansLake.Core;
using OrleansLake.Server.Diagnostics;
using OrleansLake.Server.Embedding;
using OrleansLake.Server.Errors;
using OrleansLake.Server.Security;
using OrleansLake.Storage;

namespace OrleansLake.Server.Requests;

/// <summary>The part that every route has in common: who asks, what they may do, and that any failure becomes a problem.</summary>
internal static class LakeEndpoint
{
    private static readonly TimeSpan StoppedFor = TimeSpan.FromSeconds(5);

    // Between the parts of a JSON Web Token.
    private const int EmbedTokenDots = 2;

    private static readonly TimeSpan AnswerHeardWithin = TimeSpan.FromMilliseconds(250);

    internal static RequestDelegate Of(string route, LakeScopes scope, Func<HttpContext, LakeServer, LakeAccess, Task> handle) => async context =>
    {
        LakeServer server = context.RequestServices.GetRequiredService<LakeServer>();
        long started = Stopwatch.GetTimestamp();
        server.Origins.Answer(context);
        context.Response.Headers.XContentTypeOptions = "nosniff";
        CancellationTokenRegistration end = server.Drain.Enter(context);
        try
        {
            if (server.Drain.HasBegun)
            {
                Problem.RetryAfter(context, StoppedFor);
                context.Response.Headers.Connection = "close";
                await Problem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "draining", "The server is being stopped; try again.").ConfigureAwait(false);
            }
            else if (server.Outage() is { } outage)
            {
                await WriteOutageAsync(context, outage).ConfigureAwait(false);
            }
            else if (await AccessOfAsync(context, server, scope).ConfigureAwait(false) is { } access)
            {
                await handle(context, server, access).ConfigureAwait(false);
            }
        }
        catch (RequestException e)
        {
            if (e.Status == StatusCodes.Status429TooManyRequests && context.Response.Headers.RetryAfter.Count == 0)
            {
                Problem.RetryAfter(context, TimeSpan.FromSeconds(1));
            }

            if (e.Status == StatusCodes.Status503ServiceUnavailable)
            {
                Problem.RetryAfter(context, StoppedFor);
            }

            if (e.Status is StatusCodes.Status408RequestTimeout or StatusCodes.Status503ServiceUnavailable)
            {
                context.Response.Headers.Connection = "close";
            }

            await Problem.WriteAsync(context, e.Status, e.Type, e.Message).ConfigureAwait(false);
        }
        catch (LakeClientException e)
        {
            await Problem.WriteAsync(context, e).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e)
        {
            // The body is not what its head says, or its sender has left. Kestrel would look for a request behind it all the same,
            // where the answer does not reach the connection any more, and find its own read still open.
            context.Response.Headers.Connection = "close";
            if (!HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol))
            {
                context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            }

            await Problem.WriteAsync(context, e.StatusCode, "bad-request", e.Message).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && (context.RequestAborted.IsCancellationRequested || context.Response.HasStarted || server.Drain.IsCut))
        {
            context.Abort();
        }
        catch (CorruptDataException e)
        {
            server.Log.RequestMetDamage(route, e.Message);
            await Problem.WriteAsync(
                context, StatusCodes.Status500InternalServerError, "damaged", "The lake is damaged: `lake check` shows where, and the server's log has it.").ConfigureAwait(false);
        }
        catch (LakeNotFoundException e)
        {
            await WriteOutageAsync(context, e.Message).ConfigureAwait(false);
        }
        catch (Exception) when (server.Outage(looks: true) is { } outage)
        {
            await WriteOutageAsync(context, outage).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The outermost frame: no stack trace reaches a client, and the log has it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            server.Log.RequestFailed(e, route);
            await Problem.WriteAsync(
                context, StatusCodes.Status500InternalServerError, "failed", $"The server failed at it; its log says why, under the trace {Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier}.").ConfigureAwait(false);
        }
        finally
        {
            await end.DisposeAsync().ConfigureAwait(false);
            server.Drain.Leave();
            server.Metrics.Request(route, context.Response.StatusCode, started);
        }

        if (server.Drain.HasBegun && context.Response.StatusCode >= StatusCodes.Status400BadRequest)
        {
            await LeaveBodyAsync(context).ConfigureAwait(false);
        }
    };

    // A web server reads on for the rest of a body after its answer, and while it stops Kestrel does so for as long as the host lets it.
    private static async Task LeaveBodyAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return;
        }

        try
        {
            await context.Response.CompleteAsync().ConfigureAwait(false);
            await Task.Delay(AnswerHeardWithin, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The sender has left.
        }

        context.Abort();
    }

    private static Task WriteOutageAsync(HttpContext context, string outage)
    {
        Problem.RetryAfter(context, TimeSpan.FromSeconds(5));
        return Problem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "lake-gone", outage);
    }

    /// <summary>Returns the rights of the request; null if it must not do this, and was refused.</summary>
    private static async ValueTask<LakeAccess?> AccessOfAsync(HttpContext context, LakeServer server, LakeScopes scope)
    {
        bool isRequired = false;
        LakeAccess? access = null;
        if (server.HasEmbedKeys && EmbedTokenAuthenticator.TokenOf(context) is { } given && given.AsSpan().Count('.') == EmbedTokenDots)
        {
            // A token's lock to users is read by the type of their ids.
            await server.Client.GetIdTypesAsync(context.RequestAborted).ConfigureAwait(false);
        }

        foreach (ILakeAuthenticator authenticator in server.Authenticators)
        {
            isRequired |= authenticator.IsRequired;
            access ??= authenticator.Authenticate(context);
        }

        string? token = access is null ? EmbedTokenAuthenticator.TokenOf(context) : null;
        bool isLakes = token is not null && server.IsLakes(token);
        if (access is null && !isLakes)
        {
            access = await ApplicationLogin.AccessOfAsync(context).ConfigureAwait(false);
        }

        // A lake's token that nobody knows, or that has expired, is refused even where none is asked for: what it was locked to must not
        // fall away; so is any token where pages have tokens of the lake's. What an application gives its own pages says nothing to a
        // lake without keys.
        if (access is null && (isRequired || isLakes || (token is { Length: > 0 } && server.HasEmbedKeys)))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"OrleansLake\"";
            await Problem.WriteAsync(context, StatusCodes.Status401Unauthorized, "unauthorized", RefusalOf(context, server, token)).ConfigureAwait(false);
            return null;
        }

        if (access is null && !await server.Anonymous.AllowsAsync(context).ConfigureAwait(false))
        {
            await Problem.WriteAsync(context, StatusCodes.Status403Forbidden, "no-keys", server.Anonymous.RefusalOf(context)).ConfigureAwait(false);
            return null;
        }

        access ??= LakeAccess.Full;
        if ((access.Scopes & scope) != scope)
        {
            await Problem.WriteAsync(context, StatusCodes.Status403Forbidden, "forbidden", $"{access.Origin} may not do this; it needs the scope {scope.ToString().ToLowerInvariant()}.").ConfigureAwait(false);
            return null;
        }

        context.Features.Set(access);
        return access;
    }

    // By the form of the request alone: where a key is in the wrong place, a stranger does not learn whether it is known.
    private static string RefusalOf(HttpContext context, LakeServer server, string? token)
    {
        bool isInHeader = context.Request.Headers.Authorization.Count > 0;
        return string.IsNullOrEmpty(token) && !isInHeader ? "A key is needed: Authorization: Bearer KEY."
            : string.IsNullOrEmpty(token) || (isInHeader && token.AsSpan().IndexOfAny(" \",") >= 0) ? "The header Authorization is not understood: give the key as `Authorization: Bearer KEY`."
            : !isInHeader && token.AsSpan().Count('.') != EmbedTokenDots ? "A key is not accepted in the address; a stream takes an embed token there. Give the key as `Authorization: Bearer KEY`."
            : server.ProblemOf(token) is { } problem ? $"The embed token is signed by a key of the lake, but cannot be used. {problem}" : "The key is not known, or has expired.";
    }
}
