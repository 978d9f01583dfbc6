using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

/// <summary>Signs embed tokens: JSON Web Tokens with HS256, as any JWT library in any language makes them.</summary>
internal sealed class EmbedTokenSigner(string keyId, string secret, TimeProvider clock)
{
    private readonly byte[] _secret = Base64Url.DecodeFromChars(secret);

    /// <summary>A token for one customer: what it may see is decided here, on the server, and signed.</summary>
    internal string Sign(string customer, object reports, TimeSpan lifetime)
    {
        string header = Part(new { alg = "HS256", typ = "JWT", kid = keyId });
        string payload = Part(new { sub = customer, exp = (clock.GetUtcNow() + lifetime).ToUnixTimeSeconds(), reports });
        byte[] signature = HMACSHA256.HashData(_secret, Encoding.ASCII.GetBytes($"{header}.{payload}"));
        return $"{header}.{payload}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
