using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansLake.Core.Reports;
using OrleansLake.Server.Embedding;

namespace OrleansLake.Server;

/// <summary>
/// Makes and reads embed tokens: JSON Web Tokens (RFC 7519) signed by HMAC-SHA-256, so that a platform can make them with
/// any library, in any language. Payload: <c>exp</c> (required), <c>nbf</c>, <c>sub</c>, <c>aud</c> (if it is there:
/// <c>orleans-lake</c>), and <c>reports</c> (required). Nothing but HS256 is accepted, whatever a token's header asks for.
/// </summary>
public sealed class EmbedTokens
{
    /// <summary>The audience of a token.</summary>
    public const string Audience = "orleans-lake";

    private const int LengthMax = 8 * 1024;

    // Clocks differ: a token that begins now begins for all.
    private static readonly TimeSpan NotBeforeLeeway = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, byte[]> _secrets = new(StringComparer.Ordinal);
    private readonly TimeSpan _lifetimeMax;
    private readonly TimeProvider _clock;
    private readonly Func<ReportCatalog> _reports;

    /// <summary>Tokens of some keys.</summary>
    /// <exception cref="ArgumentException">A key cannot be used, or two have the same id.</exception>
    public EmbedTokens(IEnumerable<EmbedKey> keys, TimeSpan lifetimeMax, TimeProvider clock, ReportCatalog? reports = null)
        : this(keys, lifetimeMax, clock, () => reports ?? LakeReports.All)
    {
    }

    /// <summary>Tokens for a lake that says only once it is open, or was asked, what its users' ids are.</summary>
    internal EmbedTokens(IEnumerable<EmbedKey> keys, TimeSpan lifetimeMax, TimeProvider clock, Func<ReportCatalog> reports)
    {
        ArgumentNullException.ThrowIfNull(keys);
        foreach (EmbedKey key in keys)
        {
            if (!_secrets.TryAdd(key.Id, key.SecretBytes()))
            {
                throw new ArgumentException($"There are two embed keys with the id '{key.Id}'.", nameof(keys));
            }
        }

        _lifetimeMax = lifetimeMax;
        _clock = clock;
        _reports = reports;
    }

    /// <summary>Returns the token as text.</summary>
    /// <exception cref="ArgumentException">Its key is not known.</exception>
    public string Write(EmbedToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (!_secrets.TryGetValue(token.KeyId, out byte[]? secret))
        {
            throw new ArgumentException($"There is no embed key with the id '{token.KeyId}'.", nameof(token));
        }

        string header = Part(json =>
        {
            json.WriteString("alg"u8, "HS256"u8);
            json.WriteString("typ"u8, "JWT"u8);
            json.WriteString("kid"u8, token.KeyId);
        });
        string payload = Part(json =>
        {
            json.WriteNumber("exp"u8, token.ExpiresAt.ToUnixTimeSeconds());
            json.WriteString("aud"u8, Audience);
            if (token.Subject is not null)
            {
                json.WriteString("sub"u8, token.Subject);
            }

            json.WritePropertyName("reports"u8);
            EmbedClaims.Write(json, token.Reports);
        });
        string signed = $"{header}.{payload}";
        return $"{signed}.{SignatureOf(secret, signed)}";
    }

    /// <summary>Reads a token and checks it.</summary>
    public EmbedTokenFailure TryRead(string text, [NotNullWhen(true)] out EmbedToken? token) => TryRead(text, out token, out _);

    /// <summary>
    /// Returns the fault of a token's claims, for the developer of the site that signed it; null if its signature is not one of ours, as
    /// nothing is revealed about a token to somebody who cannot sign one.
    /// </summary>
    internal string? ProblemOf(string text)
    {
        TryRead(text, out _, out string? problem);
        return problem;
    }

    private EmbedTokenFailure TryRead(string text, out EmbedToken? token, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        token = null;
        problem = null;
        string[] parts = text.Length <= LengthMax ? text.Split('.', 4) : [];
        if (parts.Length != 3 || KeyIdOf(parts[0]) is not { } keyId)
        {
            return EmbedTokenFailure.Malformed;
        }

        if (!_secrets.TryGetValue(keyId, out byte[]? secret))
        {
            return EmbedTokenFailure.UnknownKey;
        }

        // Nothing of the payload is looked at before the signature holds. Compared as text: one signature has one spelling.
        string expected = SignatureOf(secret, text[..text.LastIndexOf('.')]);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(parts[2])))
        {
            return EmbedTokenFailure.WrongSignature;
        }

        using JsonDocument? payload = Json(parts[1]);
        if (payload is null)
        {
            problem = "The payload is not a JSON object in UTF-8 in which every name occurs once.";
            return EmbedTokenFailure.Malformed;
        }

        return Check(keyId, payload.RootElement, out token, out problem);
    }

    /// <summary>Gets a value indicating whether there is a key at all.</summary>
    internal bool HasKeys => _secrets.Count > 0;

    /// <summary>Returns whether a text is a token under one of these keys' names, right or not, or says what reports it is locked to.</summary>
    internal bool IsOurs(string text)
    {
        string[] parts = text.Length <= LengthMax ? text.Split('.', 4) : [];
        if (parts.Length == 0 || KeyIdOf(parts[0]) is not { } keyId)
        {
            return false;
        }

        if (_secrets.ContainsKey(keyId))
        {
            return true;
        }

        using JsonDocument? payload = parts.Length == 3 ? Json(parts[1]) : null;
        return payload?.RootElement.TryGetProperty("reports", out _) ?? false;
    }

    private static string SignatureOf(byte[] secret, string signed) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(signed)));

    private EmbedTokenFailure Check(string keyId, JsonElement payload, out EmbedToken? token, out string? problem)
    {
        token = null;
        problem = null;
        DateTimeOffset now = _clock.GetUtcNow();
        if (Time(payload, "exp") is not { } expiresAt)
        {
            problem = payload.TryGetProperty("exp", out _) ? "'exp' is not a number of seconds since 1970, such as a JSON Web Token has." : "'exp' is missing: when the token ends, in seconds since 1970.";
            return EmbedTokenFailure.LastsTooLong;
        }

        if (expiresAt <= now)
        {
            problem = $"It has expired: its 'exp' is {Shown(expiresAt)}, and here it is {Shown(now)}.";
            return EmbedTokenFailure.Expired;
        }

        if (expiresAt > now + _lifetimeMax)
        {
            problem = $"Its 'exp' is {Shown(expiresAt)}, but a token may last {_lifetimeMax.TotalSeconds:0} seconds at most (OrleansLake:Embed:LifetimeMax), and here it is {Shown(now)}.";
            return EmbedTokenFailure.LastsTooLong;
        }

        if (payload.TryGetProperty("nbf", out _) && (Time(payload, "nbf") is not { } notBefore || notBefore > now + NotBeforeLeeway))
        {
            problem = Time(payload, "nbf") is { } later ? $"It begins later: its 'nbf' is {Shown(later)}, and here it is {Shown(now)}." : "'nbf' is not a number of seconds since 1970.";
            return EmbedTokenFailure.NotYetValid;
        }

        if (!IsForUs(payload))
        {
            problem = $"'aud' is there, but does not name '{Audience}'.";
            return EmbedTokenFailure.UnreadableClaims;
        }

        if (!payload.TryGetProperty("reports", out JsonElement claims))
        {
            problem = "'reports' is missing: an object with the reports that may be read.";
            return EmbedTokenFailure.UnreadableClaims;
        }

        if (EmbedClaims.Read(claims, _reports(), out string unread) is not { } reports)
        {
            problem = unread;
            return EmbedTokenFailure.UnreadableClaims;
        }

        token = new EmbedToken
        {
            KeyId = keyId,
            ExpiresAt = expiresAt,
            Reports = reports,
            Subject = payload.TryGetProperty("sub", out JsonElement subject) && subject.ValueKind == JsonValueKind.String ? subject.GetString() : null,
        };
        return EmbedTokenFailure.None;
    }

    private static string Shown(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    // RFC 7519, section 4.1.3: a principal that is not named in an audience that is there must refuse.
    private static bool IsForUs(JsonElement payload) => !payload.TryGetProperty("aud", out JsonElement audience)
        || (audience.ValueKind == JsonValueKind.String && audience.GetString() == Audience)
        || (audience.ValueKind == JsonValueKind.Array
            && audience.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.GetString() == Audience));

    private static DateTimeOffset? Time(JsonElement payload, string name) =>
        payload.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds)
        && seconds is > 0 and < 253_402_300_799 ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;

    private static string? KeyIdOf(string part)
    {
        using JsonDocument? header = Json(part);
        if (header is null)
        {
            return null;
        }

        JsonElement json = header.RootElement;
        bool isOurs = json.TryGetProperty("alg", out JsonElement algorithm) && algorithm.ValueKind == JsonValueKind.String && algorithm.GetString() == "HS256"
            && !json.TryGetProperty("crit", out _);
        return isOurs && json.TryGetProperty("kid", out JsonElement key) && key.ValueKind == JsonValueKind.String ? key.GetString() : null;
    }

    private static JsonDocument? Json(string part)
    {
        JsonDocument? document = Bytes(part) is { } bytes ? StrictJson.TryParse(bytes) : null;
        if (document is null || document.RootElement.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        return null;
    }

    // Without padding, as RFC 7515 specifies.
    private static byte[]? Bytes(string part) =>
        !part.Contains('=', StringComparison.Ordinal) && Base64Url.IsValid(part) ? Base64Url.DecodeFromChars(part) : null;

    private static string Part(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Base64Url.EncodeToString(bytes.WrittenSpan);
    }
}
