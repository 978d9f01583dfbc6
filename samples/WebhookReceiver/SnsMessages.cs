using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace WebhookReceiver;

/// <summary>Reads what Amazon SNS sends, and believes it where it is signed by SNS and of the topic that was subscribed to.</summary>
internal sealed partial class SnsMessages(HttpClient http)
{
    // By address: SNS has a new one once a year or so.
    private static readonly ConcurrentDictionary<Uri, X509Certificate2> Certificates = new();

    private static readonly string[] OfNotifications = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
    private static readonly string[] OfConfirmations = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

    /// <summary>Returns a message; null if it is not one, not signed by SNS, or of another topic: everybody may have a topic of their own.</summary>
    internal async Task<SnsMessage?> VerifyAsync(byte[] body, string topic, CancellationToken cancellationToken)
    {
        Dictionary<string, string?>? message = Read(body);
        if (message is null || message.GetValueOrDefault("TopicArn") != topic || AddressOf(message, "SigningCertURL") is not { } address || !Signatures.TryDecode(message.GetValueOrDefault("Signature"), out byte[] signature))
        {
            return null;
        }

        string type = message.GetValueOrDefault("Type") ?? "";
        IEnumerable<string> signed = (type == "Notification" ? OfNotifications : OfConfirmations).Where(name => message.GetValueOrDefault(name) is not null);
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(signed.Select(name => $"{name}\n{message[name]}\n")));
        HashAlgorithmName hash = message.GetValueOrDefault("SignatureVersion") == "2" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1;
        if (!Certificates.TryGetValue(address, out X509Certificate2? certificate))
        {
            certificate = X509Certificate2.CreateFromPem(await http.GetStringAsync(address, cancellationToken));
            Certificates[address] = certificate;
        }

        using RSA? key = certificate.GetRSAPublicKey();
        return key is not null && key.VerifyData(text, signature, hash, RSASignaturePadding.Pkcs1)
            ? new SnsMessage(type, message.GetValueOrDefault("MessageId") ?? "", AddressOf(message, "SubscribeURL")) : null;
    }

    /// <summary>Confirms a subscription: SNS sends nothing before.</summary>
    internal async Task ConfirmAsync(SnsMessage message, CancellationToken cancellationToken)
    {
        if (message.Type == "SubscriptionConfirmation" && message.SubscribeUrl is { } address)
        {
            using HttpResponseMessage answer = await http.GetAsync(address, cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }

    private static Dictionary<string, string?>? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(body)?.Where(one => one.Value.ValueKind == JsonValueKind.String).ToDictionary(one => one.Key, one => one.Value.GetString());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A stranger names the address: none but SNS's own is asked.
    private static Uri? AddressOf(Dictionary<string, string?> message, string name) =>
        Uri.TryCreate(message.GetValueOrDefault(name), UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort && SnsHost().IsMatch(address.Host) ? address : null;

    [GeneratedRegex(@"^sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?$")]
    private static partial Regex SnsHost();
}
