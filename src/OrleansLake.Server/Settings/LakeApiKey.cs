using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using OrleansLake.Client.Settings;
using OrleansLake.Server.Settings;

namespace OrleansLake.Server;

/// <summary>A key as it is configured: its hash, never itself.</summary>
/// <param name="Name">Whose it is, for logs; each key has a name of its own.</param>
/// <param name="Scopes">Its rights.</param>
/// <param name="Sha256">The SHA-256 of the key's text: 64 hexadecimal digits.</param>
public sealed record LakeApiKey(
    [property: Required, UniqueSetting] string Name,
    [property: SettingFormat(SettingFormat.Scopes)] LakeScopes Scopes,
    [property: Required, UniqueSetting, DataType(DataType.Password), SettingFormat(SettingFormat.Sha256)] string Sha256)
{
    /// <summary>The prefix of a key that was made here.</summary>
    internal const string Prefix = "olk_";

    private const int SecretBytes = 32;

    /// <summary>Returns a new key: its text, which is shown once, and what is configured of it. A new key may only ingest unless
    /// other scopes are given.</summary>
    public static (string Text, LakeApiKey Key) Create(string name, LakeScopes scopes = LakeScopes.Ingest)
    {
        string text = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return (text, new LakeApiKey(name, scopes, Convert.ToHexStringLower(HashOf(text))));
    }

    /// <summary>Returns the hash by which keys are compared. A key is 256 random bits: nothing slower is needed.</summary>
    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
