using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using OrleansLake.Client.Settings;
using OrleansLake.Server.Settings;

namespace OrleansLake.Server;

/// <summary>
/// A secret that a platform's own server shares with the lake, to sign embed tokens with. It is not an API key: a holder of
/// it can let others read, and nothing else.
/// </summary>
/// <param name="Id">Its name, the token's <c>kid</c>: several keys at once let one be exchanged for the next.</param>
/// <param name="Secret">At least 32 bytes, as base64url (RFC 4648, section 5) without padding.</param>
public sealed record EmbedKey(
    [property: Required, UniqueSetting] string Id,
    [property: Required, DataType(DataType.Password), SettingFormat(SettingFormat.EmbedSecret)] string Secret)
{
    /// <summary>Bytes of a secret at least: those of the hash (RFC 7518, section 3.2).</summary>
    public const int SecretBytesMin = 32;

    /// <summary>Returns a new key.</summary>
    public static EmbedKey Create(string id) => new(id, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytesMin)));

    /// <summary>Returns its name; never the secret.</summary>
    public override string ToString() => $"embed key '{Id}'";

    /// <summary>Gets a value indicating whether it has an id and a secret that is long enough.</summary>
    internal bool IsUsable => !string.IsNullOrWhiteSpace(Id) && IsSecret(Secret);

    /// <summary>Returns the secret's bytes.</summary>
    /// <exception cref="ArgumentException">The id is empty, or the secret is too short or no base64url.</exception>
    internal byte[] SecretBytes() => IsUsable ? SecretOrNull(Secret)!
        : throw new ArgumentException($"An embed key needs an id, and a secret of at least {SecretBytesMin} bytes as base64url; '{Id}' has none.");

    /// <summary>Returns whether a text can be a secret.</summary>
    internal static bool IsSecret(string text) => SecretOrNull(text) is not null;

    private static byte[]? SecretOrNull(string text) =>
        Base64Url.IsValid(text) && Base64Url.DecodeFromChars(text) is { Length: >= SecretBytesMin } secret ? secret : null;
}
