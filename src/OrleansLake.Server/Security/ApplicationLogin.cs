using System.Security.Claims;

namespace OrleansLake.Server.Security;

/// <summary>The login by the application's own authorization: whom it has let in, and what of it a claim of theirs narrows.</summary>
internal static class ApplicationLogin
{
    private const string Nobody = "application";
    private static readonly char[] Between = [' ', ','];

    /// <summary>Returns the rights of a request by the application's own login; null if none lets it in.</summary>
    internal static async ValueTask<LakeAccess?> AccessOfAsync(HttpContext context)
    {
        if (!await AnonymousAccess.IsLetInByApplicationAsync(context).ConfigureAwait(false))
        {
            return null;
        }

        ClaimsPrincipal user = context.User;
        string name = user.Identity?.Name ?? user.FindFirst("sub")?.Value ?? Nobody;
        string? claim = context.RequestServices.GetRequiredService<LakeServerOptions>().ScopeClaim;
        Claim[] told = claim is null ? [] : [.. user.FindAll(claim)];
        return told.Length == 0 ? new LakeAccess(name, LakeScopes.All) : new LakeAccess(name, told.Aggregate(LakeScopes.None, (scopes, one) => scopes | ScopesOf(one.Value)))
        {
            Origin = $"The login's claim {claim} ('{string.Join(' ', told.Select(one => one.Value))}')",
        };
    }

    // What is not a scope of ours opens nothing: a claim may hold those of others as well.
    private static LakeScopes ScopesOf(string text) => text.Split(Between, StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(LakeScopes.None, (scopes, word) => scopes | (char.IsAsciiLetter(word[0]) && Enum.TryParse(word, ignoreCase: true, out LakeScopes one) ? one : LakeScopes.None));
}
