using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Security;

public class SecretTests
{
    [Fact]
    public async Task No_key_token_or_message_is_logged_even_when_everything_is()
    {
        using var scratch = new ScratchFolder();
        (string good, LakeApiKey key) = LakeApiKey.Create("shop", LakeScopes.All);
        (string wrong, _) = LakeApiKey.Create("unknown");
        var embedKey = EmbedKey.Create("site");
        KeyFile.Add(scratch["keys"], key);
        EmbedKeyFile.Add(scratch["embed-keys"], embedKey);
        var everything = new Dictionary<string, string?>
        {
            ["Logging__LogLevel__Default"] = "Trace",
            ["Logging__LogLevel__Microsoft.AspNetCore"] = "Trace",
            ["Logging__LogLevel__Microsoft.Extensions"] = "Trace",
        };
        using ServedProcess server = ServedProcess.Start(scratch["lake"], everything, "--keys", scratch["keys"], "--embed-keys", scratch["embed-keys"]);

        const string Value = "what-nobody-is-to-read";
        using var content = new StringContent(ServerUnderTest.Line("a").Replace("\"v\"", $"\"{Value}\"", StringComparison.Ordinal) + $"{Value}\n", null, "application/x-ndjson");
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(server, HttpMethod.Post, "/v1/messages", good, content)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(server, HttpMethod.Get, "/v1/ledger", wrong)).StatusCode);
        using var asked = new StringContent("{\"reports\":{\"report1\":{}}}", null, "application/json");
        using HttpResponseMessage made = await SendAsync(server, HttpMethod.Post, "/v1/embed-tokens", good, asked);
        string token = JsonDocument.Parse(await made.Content.ReadAsStringAsync()).RootElement.GetProperty("token").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(server, HttpMethod.Get, "/v1/reports/report1", token)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(server, HttpMethod.Get, "/v1/reports/report1", token[..^4] + "AAAA")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(server, HttpMethod.Get, "/v1/ledger", token)).StatusCode);
        server.Process.Terminate();
        LakeResult end = server.Process.Wait();

        // The log is one that shows much: else this would hold of an empty one.
        string log = end.Output + end.Error;
        Assert.Contains("/v1/embed-tokens", log, StringComparison.Ordinal);
        Assert.Contains("trce", log, StringComparison.OrdinalIgnoreCase);
        foreach (string secret in (string[])[good, wrong, token, token.Split('.')[2], embedKey.Secret, Value, Convert.ToHexStringLower(LakeApiKey.HashOf(good))])
        {
            Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
            Assert.DoesNotContain(secret[..Math.Min(secret.Length, 20)], log, StringComparison.Ordinal);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(ServedProcess server, HttpMethod method, string url, string bearer, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return await server.Http.SendAsync(request);
    }
}
