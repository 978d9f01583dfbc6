using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using OrleansLake.Client;
using WebhookReceiver;

namespace OrleansLake.Server.Tests.Samples;

/// <summary>The sample between services and a lake with keys: what they signed goes on, and nothing else.</summary>
public sealed class WebhookReceiverTests : IAsyncLifetime, IDisposable
{
    private const string Topic = "arn:aws:sns:eu-central-1:123456789012:ses-events";
    private const string Public = "https://hooks.example.com";

    private readonly ECDsa _sendGrid = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _sns = RSA.Create(2048);
    private readonly SnsSite _site = new();

    // The application keeps a certificate by its address: each test has its own.
    private readonly string _certificate = $"https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-{Guid.NewGuid():N}.pem";
    private ServerUnderTest _server = null!;
    private WebApplication _receiver = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        (string key, LakeApiKey known) = LakeApiKey.Create("receiver", LakeScopes.All);
        _server = await ServerUnderTest.StartAsync(options => options.Keys.Add(known));
        _server.Http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        HttpLakeClient lake = _server.NewClient(options => options.Key = key);
        foreach (string name in (string[])["sendgrid", "twilio", "ses"])
        {
            await lake.SetMappingAsync(name, WebhookTests.Read(name + ".json"));
        }

        var request = new CertificateRequest("CN=sns.amazonaws.com", _sns, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _site.Pages[_certificate] = certificate.ExportCertificatePem();
        _receiver = Receiver.Build(
            [
                "--Urls=http://127.0.0.1:0", $"--ConnectionStrings:lake=Endpoint={_server.Address};Key={key}", "--Logging:LogLevel:Default=Error", $"--Webhooks:SnsTopic={Topic}",
                $"--Webhooks:SendGridKey={Convert.ToBase64String(_sendGrid.ExportSubjectPublicKeyInfo())}", "--Webhooks:TwilioToken=12345", $"--Webhooks:TwilioAddress={Public}",
            ],
            services => services.AddHttpClient<SnsMessages>().ConfigurePrimaryHttpMessageHandler(() => _site));
        await _receiver.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_receiver.Urls.Single()) };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _receiver.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose()
    {
        _sendGrid.Dispose();
        _sns.Dispose();
        _site.Dispose();
    }

    [Fact]
    public async Task What_sendgrid_signed_goes_on_once_and_a_changed_body_is_401()
    {
        byte[] body = Encoding.UTF8.GetBytes(WebhookTests.Read("sendgrid-events.json"));
        string signature = Convert.ToBase64String(_sendGrid.SignData([.. "1734343300"u8, .. body], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.Equal(HttpStatusCode.NoContent, await SendGridAsync(body, "1734343300", signature));
        Assert.Equal(HttpStatusCode.NoContent, await SendGridAsync(body, "1734343300", signature));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendGridAsync([.. body, (byte)' '], "1734343300", signature));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendGridAsync(body, "1734343301", signature));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendGridAsync(body, "1734343300", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendGridAsync(body, "1734343300", "no base64!"));
        Assert.Equal(7, (await _server.TotalAsync(7)).GetProperty("bronze").GetInt32());
        Assert.Equal(["date,channel,BOUNCE,CLICKED,OPEN,RECEIVED,SENT,total", "2024-12-16,EMAIL,2,1,1,1,1,6"], await WebhookTests.LinesAsync(_server, "report1.csv"));
    }

    [Fact]
    public async Task What_twilio_signed_goes_on_with_the_query_of_its_address_and_all_else_is_401()
    {
        const string Path = "/webhooks/twilio?user_id=1001&country_id=2001";
        string body = WebhookTests.Read("twilio-callbacks.txt").Split('\n')[1];
        string signature = TwilioSignature(Public + Path, body);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(Path, body, WebhookTests.Form, ("X-Twilio-Signature", signature), ("I-Twilio-Idempotency-Token", "t1")));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(Path, body, WebhookTests.Form, ("X-Twilio-Signature", signature), ("I-Twilio-Idempotency-Token", "t1")));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(Path.Replace("1001", "1002", StringComparison.Ordinal), body, WebhookTests.Form, ("X-Twilio-Signature", signature)));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(Path, body.Replace("delivered", "failed", StringComparison.Ordinal), WebhookTests.Form, ("X-Twilio-Signature", signature)));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(Path, body, WebhookTests.Form));
        Assert.Equal(1, (await _server.TotalAsync(1)).GetProperty("bronze").GetInt32());
        Assert.Equal(["user_id,iterations,SMS", "1001,1,1"], await WebhookTests.LinesAsync(_server, "report2.csv"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task What_sns_signed_of_the_topic_goes_on_once_and_all_else_is_401(string version)
    {
        string[] bodies = [.. WebhookTests.Read("ses-notifications.ndjson").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(body => Signed(body, version))];
        foreach (string body in (string[])[.. bodies, bodies[0]])
        {
            Assert.Equal(HttpStatusCode.NoContent, await SesAsync(body));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await SesAsync(bodies[1].Replace("Delivery", "Complaint", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Unauthorized, await SesAsync(Signed(bodies[1], version, message => message["TopicArn"] = "arn:aws:sns:eu-central-1:999999999999:mine")));
        foreach (string elsewhere in (string[])["https://sns.eu-central-1.amazonaws.com.evil.example/a.pem", "http://sns.eu-central-1.amazonaws.com/a.pem", "https://evil.example/?sns.eu-central-1.amazonaws.com/a.pem", ""])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await SesAsync(Signed(bodies[1], version, message => message["SigningCertURL"] = elsewhere)));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await SesAsync("no json"));
        Assert.Equal(5, (await _server.TotalAsync(5)).GetProperty("bronze").GetInt32());
        Assert.Equal(0, (await _server.GetJsonAsync("/v1/quarantine")).GetProperty("total").GetInt32());
        Assert.Equal(_certificate, Assert.Single(_site.Asked));
    }

    [Fact]
    public async Task A_subscription_is_confirmed_where_sns_signed_it()
    {
        const string Confirmation = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-central-1:123456789012:ses-events&Token=2336";
        _site.Pages[Confirmation] = "<ConfirmSubscriptionResponse/>";
        string asked = $$"""{"Type":"SubscriptionConfirmation","MessageId":"m","Token":"2336","TopicArn":"{{Topic}}","Message":"You have chosen to subscribe","SubscribeURL":"{{Confirmation}}","Timestamp":"2024-12-16T10:00:00.000Z"}""";
        Assert.Equal(HttpStatusCode.Unauthorized, await SesAsync(Signed(asked, "2").Replace("2336", "2337", StringComparison.Ordinal)));
        Assert.DoesNotContain(_site.Asked, one => one != _certificate);
        Assert.Equal(HttpStatusCode.NoContent, await SesAsync(Signed(asked, "2")));
        Assert.Equal(Confirmation, _site.Asked[^1]);
    }

    [Fact]
    public void The_services_own_examples_of_their_signatures_are_accepted()
    {
        Assert.True(Signatures.IsTwilios("12345", "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "https://mycompany.com/myapp.php?foo=1&bar=2", new Dictionary<string, StringValues>
        {
            ["To"] = "+18005551212",
            ["CallSid"] = "CA1234567890ABCDE",
            ["Caller"] = "+14158675309",
            ["Digits"] = "1234",
            ["From"] = "+14158675309",
        }));
        const string Body = """[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]""" + "\r\n";
        Assert.True(Signatures.IsSendGrids(
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==",
            "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=", "1600112502", Encoding.UTF8.GetBytes(Body)));
    }

    private static string TwilioSignature(string url, string body)
    {
        IEnumerable<string[]> fields = body.Split('&').Select(pair => pair.Split('=')).OrderBy(pair => pair[0], StringComparer.Ordinal);
        string signed = url + string.Concat(fields.Select(pair => pair[0] + WebUtility.UrlDecode(pair[1])));
#pragma warning disable CA5350 // What Twilio signs with.
        return Convert.ToBase64String(HMACSHA1.HashData("12345"u8, Encoding.UTF8.GetBytes(signed)));
#pragma warning restore CA5350
    }

    // As AWS describes it: each field's name and value, a line each, by name.
    private string Signed(string body, string version, Action<JsonObject>? change = null)
    {
        JsonObject message = JsonNode.Parse(body)!.AsObject();
        message["SigningCertURL"] = _certificate;
        message["SignatureVersion"] = version;
        message["MessageAttributes"] = new JsonObject();
        change?.Invoke(message);
        string[] names = ["Message", "MessageId", "SubscribeURL", "Subject", "Timestamp", "Token", "TopicArn", "Type"];
        string text = string.Concat(names.Where(message.ContainsKey).Select(name => $"{name}\n{(string?)message[name]}\n"));
        message["Signature"] = Convert.ToBase64String(_sns.SignData(Encoding.UTF8.GetBytes(text), version == "1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        return message.ToJsonString();
    }

    private Task<HttpStatusCode> SendGridAsync(byte[] body, string timestamp, string? signature) => PostAsync(
        "/webhooks/sendgrid", Encoding.UTF8.GetString(body), "application/json", ("X-Twilio-Email-Event-Webhook-Timestamp", timestamp), ("X-Twilio-Email-Event-Webhook-Signature", signature));

    private Task<HttpStatusCode> SesAsync(string body) => PostAsync("/webhooks/ses", body, "text/plain", ("x-amz-sns-message-type", "Notification"));

    private async Task<HttpStatusCode> PostAsync(string path, string body, string type, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, type) };
        foreach ((string name, string? value) in headers.Where(header => header.Value is not null))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    // In place of Amazon's site.
    private sealed class SnsSite : HttpMessageHandler
    {
        internal Dictionary<string, string> Pages { get; } = [];

        internal List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string address = request.RequestUri!.OriginalString;
            Asked.Add(address);
            return Task.FromResult(Pages.TryGetValue(address, out string? page) ? new HttpResponseMessage { Content = new StringContent(page) } : new HttpResponseMessage(HttpStatusCode.NotFound));
        }
    }
}
