using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace WebhookReceiver;

/// <summary>Says whether a request was signed by the service that it names.</summary>
internal static class Signatures
{
    /// <summary>SendGrid: ECDSA (P-256, SHA-256) over the timestamp and the body's bytes as they came.</summary>
    /// <param name="publicKey">The verification key that SendGrid shows, in base64.</param>
    /// <param name="signature">The header.</param>
    /// <param name="timestamp">The other header.</param>
    /// <param name="body">The body.</param>
    internal static bool IsSendGrids(string publicKey, string? signature, string? timestamp, byte[] body)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
        byte[] signed = [.. Encoding.UTF8.GetBytes(timestamp ?? ""), .. body];
        return TryDecode(signature, out byte[] given) && key.VerifyData(signed, given, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>Twilio: HMAC-SHA1 over the address and the form's names and values, sorted by name.</summary>
    /// <param name="token">The account's auth token.</param>
    /// <param name="signature">The header.</param>
    /// <param name="url">The address that Twilio was given, with its query.</param>
    /// <param name="form">The form, decoded.</param>
    internal static bool IsTwilios(string token, string? signature, string url, IEnumerable<KeyValuePair<string, StringValues>> form)
    {
        string signed = url + string.Concat(form.OrderBy(field => field.Key, StringComparer.Ordinal).SelectMany(field => field.Value.Order(StringComparer.Ordinal).Select(value => field.Key + value)));
#pragma warning disable CA5350 // What Twilio signs with.
        byte[] expected = HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed));
#pragma warning restore CA5350
        return TryDecode(signature, out byte[] given) && CryptographicOperations.FixedTimeEquals(given, expected);
    }

    /// <summary>Decodes base64 of a stranger's.</summary>
    internal static bool TryDecode(string? base64, out byte[] bytes)
    {
        byte[] buffer = new byte[base64?.Length ?? 0];
        bool isDecoded = Convert.TryFromBase64String(base64 ?? "", buffer, out int length);
        bytes = buffer[..length];
        return isDecoded;
    }
}
