using OrleansLake.Server.Security;

namespace OrleansLake.Server.Embedding;

/// <summary>
/// Knows requests by an embed token in <c>Authorization: Bearer TOKEN</c>: they may read what it says, until it ends. Routes of
/// event streams take it as a parameter, too (RFC 6750, section 2.3): a browser's <c>EventSource</c> sends no header of ours.
/// </summary>
/// <remarks>A key is never in an address, which others log: it does not end, and it is not locked to anything.</remarks>
internal sealed class EmbedTokenAuthenticator(EmbedTokens tokens) : ILakeAuthenticator
{
    // A token alone makes no server private: on loopback without API keys it only narrows what its bearer sees.
    public bool IsRequired => false;

    internal const string Parameter = "access_token";

    public LakeAccess? Authenticate(HttpContext context) =>
        TokenOf(context) is { } text && tokens.TryRead(text, out EmbedToken? token) == EmbedTokenFailure.None
            ? new LakeAccess(token!.Subject ?? $"embed:{token.KeyId}", LakeScopes.Read) { Reports = token.Reports, ExpiresAt = token.ExpiresAt }
            : null;

    /// <summary>Returns the token that a request brings, in its header or its address; null if it brings none.</summary>
    internal static string? TokenOf(HttpContext context) =>
        ApiKeyAuthenticator.TokenOf(context)
            ?? (context.Request.QueryString.HasValue && context.Request.Query[Parameter] is { Count: 1 } tokens && context.Request.Headers.Authorization.Count == 0 ? tokens[0] : null);
}
