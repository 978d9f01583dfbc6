using Microsoft.AspNetCore.Http;
using OrleansLake.Server.Security;

namespace OrleansLake.Server.Embedding;

/// <summary>Knows requests by an embed token in <c>Authorization: Bearer TOKEN</c>: they may read what it says, until it ends.</summary>
internal sealed class EmbedTokenAuthenticator(EmbedTokens tokens) : ILakeAuthenticator
{
    // A token alone makes no server private: on loopback without API keys it only narrows what its bearer sees.
    public bool IsRequired => false;

    public LakeAccess? Authenticate(HttpContext context) =>
        ApiKeyAuthenticator.TokenOf(context) is { } text && tokens.TryRead(text, out EmbedToken? token) == EmbedTokenFailure.None
            ? new LakeAccess(token!.Subject ?? $"embed:{token.KeyId}", LakeScopes.Read) { Reports = token.Reports, ExpiresAt = token.ExpiresAt }
            : null;
}
