using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansLake.Server.Tests;

/// <summary>An application's own login: who says a name in <c>X-User</c>, or brings <c>Bearer app-NAME</c>, is that; <c>X-Scope</c> is a claim.</summary>
internal sealed class HeaderLogin(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer app-";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string? name = Request.Headers["X-User"] is [{ } said] ? said
            : Request.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.Ordinal) ? header[Bearer.Length..] : null;
        if (name is null)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        IEnumerable<Claim> scopes = Request.Headers["X-Scope"].Select(scope => new Claim("lake_scope", scope!));
        var user = new ClaimsPrincipal(new ClaimsIdentity([new("name", name), .. scopes], "test", "name", "role"));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(user, "test")));
    }
}
