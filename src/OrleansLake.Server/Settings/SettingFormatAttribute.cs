using System.Globalization;
using OrleansLake.Client.Settings;

namespace OrleansLake.Server.Settings;

/// <summary>Specifies the format of a setting of the server.</summary>
internal sealed class SettingFormatAttribute(SettingFormat format) : SettingRuleAttribute
{
    private const int Sha256Digits = 64;

    private const string Origin = "an origin such as https://example.com or https://example.com:8443, without a path and without the port that its scheme has anyway (443, of http 80)";

    internal SettingFormat Format => format;

    internal override string Expected => format switch
    {
        SettingFormat.Origin => Origin,
        SettingFormat.FrameAncestor => $"{Origin}, or 'self'",
        SettingFormat.Sha256 => "the SHA-256 of a key, 64 hexadecimal digits, as `lake key` writes it",
        SettingFormat.EmbedSecret => string.Create(CultureInfo.InvariantCulture, $"at least {EmbedKey.SecretBytesMin} bytes as base64url, as `lake embed-key` writes them"),
        SettingFormat.Scopes => "Ingest, Read, Admin or All, several with commas between",
        SettingFormat.Host => "a host's name such as lake.example.com, *.example.com or [::1], without scheme and port, or * for any",
        _ => "a claim's name",
    };

    internal override bool Allows(object value) => format switch
    {
        SettingFormat.Origin => IsOrigin((string)value),
        SettingFormat.FrameAncestor => (string)value == "'self'" || IsOrigin((string)value),
        SettingFormat.Sha256 => value is string { Length: Sha256Digits } hash && hash.All(char.IsAsciiHexDigit),
        SettingFormat.EmbedSecret => EmbedKey.IsSecret((string)value),
        SettingFormat.Scopes => value is LakeScopes scopes && scopes != LakeScopes.None && (scopes & ~LakeScopes.All) == 0,
        SettingFormat.Host => IsHost((string)value),
        _ => !string.IsNullOrWhiteSpace((string)value),
    };

    // As browsers send it: no path, no default port. A slash at the end is let pass, and left out where it is compared.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "https" or "http" && uri!.UserInfo.Length == 0 && uri.Host.Length > 0
        && uri.GetLeftPart(UriPartial.Authority).Equals(text.EndsWith('/') ? text[..^1] : text, StringComparison.OrdinalIgnoreCase);

    private static bool IsHost(string text) => text == "*" || (text.StartsWith('[')
        ? text.EndsWith(']') && Uri.CheckHostName(text[1..^1]) == UriHostNameType.IPv6
        : Uri.CheckHostName(text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text) is UriHostNameType.Dns or UriHostNameType.IPv4);
}
