using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace OrleansLake.Server.Security;

/// <summary>Knows requests by <c>Authorization: Bearer KEY</c>. Hashes are compared in fixed time, with every key.</summary>
internal sealed class ApiKeyAuthenticator : ILakeAuthenticator
{
    private const string Scheme = "Bearer ";
    private volatile Known _known;

    internal ApiKeyAuthenticator(IReadOnlyList<LakeApiKey> keys) => _known = new Known(keys);

    /// <summary>Gets the keys; others may take their place while requests come.</summary>
    internal IReadOnlyList<LakeApiKey> Keys
    {
        get => _known.Keys;
        set => _known = new Known(value);
    }

    public bool IsRequired => _known.Hashes.Length > 0;

    public LakeAccess? Authenticate(HttpContext context)
    {
        if (TokenOf(context) is not { } token)
        {
            return null;
        }

        byte[] hash = LakeApiKey.HashOf(token);
        LakeAccess? found = null;
        foreach ((byte[] known, LakeAccess access) in _known.Hashes)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known))
            {
                found = access;
            }
        }

        return found;
    }

    /// <summary>Returns the bearer token that a request brings; null if it brings none.</summary>
    internal static string? TokenOf(HttpContext context)
    {
        StringValues header = context.Request.Headers.Authorization;
        return header.Count == 1 && header[0] is { } text && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..].Trim() : null;
    }

    private sealed class Known(IReadOnlyList<LakeApiKey> keys)
    {
        internal IReadOnlyList<LakeApiKey> Keys { get; } = keys;

        internal (byte[] Hash, LakeAccess Access)[] Hashes { get; } = [.. keys.Select(key => (Convert.FromHexString(key.Sha256), new LakeAccess(key.Name, key.Scopes)))];
    }
}
