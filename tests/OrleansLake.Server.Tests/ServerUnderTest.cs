using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using OrleansLake.Client;
using OrleansLake.Core.Reports;
using OrleansLake.Server.Settings;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests;

/// <summary>A server on a port of its own, over a lake that goes with the test.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private readonly ScratchFolder _scratch;
    private readonly bool _ownsScratch;
    private readonly WebApplication _app;

    private ServerUnderTest(ScratchFolder scratch, bool ownsScratch, WebApplication app)
    {
        _scratch = scratch;
        _ownsScratch = ownsScratch;
        _app = app;
        Address = new Uri(app.Urls.Single());
        Http = new HttpClient { BaseAddress = Address };
    }

    internal Uri Address { get; }

    internal HttpClient Http { get; }

    internal string Lake => _scratch["lake"];

    internal IServiceProvider Services => _app.Services;

    internal static async Task<ServerUnderTest> StartAsync(
        Action<LakeServerOptions>? configure = null, ScratchFolder? scratch = null, Func<ServeSettings, ServeSettings>? settings = null)
    {
        ScratchFolder folder = scratch ?? new ScratchFolder();
        var basic = new ServeSettings
        {
            Urls = ["http://127.0.0.1:0"],
            LogLevel = Microsoft.Extensions.Logging.LogLevel.Error,
            Configure = options =>
            {
                options.Path = folder["lake"];
                options.IsDurable = false;
                options.Threads = 2;
                options.Trigger = TimeSpan.FromMilliseconds(200);
                configure?.Invoke(options);
            },
        };
        WebApplication app = LakeWebServer.Build(settings is null ? basic : settings(basic));
        await app.StartAsync();
        return new ServerUnderTest(folder, scratch is null, app);
    }

    internal HttpLakeClient NewClient(Action<LakeHttpOptions>? configure = null)
    {
        var options = new LakeHttpOptions { BaseAddress = Address, RetryDelay = TimeSpan.FromMilliseconds(5), RetryDelayMax = TimeSpan.FromMilliseconds(50) };
        configure?.Invoke(options);
        return new HttpLakeClient(HttpLakeClient.Configure(new HttpClient(), options), options);
    }

    internal Task<HttpResponseMessage> PostAsync(string body, string query = "", string type = "application/x-ndjson", string? key = null, string? token = null) =>
        PostAsync(Encoding.UTF8.GetBytes(body), query, type, key, token);

    internal async Task<HttpResponseMessage> PostAsync(byte[] body, string query = "", string? type = "application/x-ndjson", string? key = null, string? token = null, string? encoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages" + query) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return await Http.SendAsync(request);
    }

    internal async Task<JsonElement> GetJsonAsync(string url) => (await JsonAsync(await Http.GetAsync(url))).Json;

    /// <summary>The ledger's totals once so many messages are counted: acknowledged is durable, and counted a moment later.</summary>
    internal async Task<JsonElement> TotalAsync(int messages)
    {
        await GetJsonAsync($"/v1/reports/report1?min_position=1.{messages}");
        return (await GetJsonAsync("/v1/ledger")).GetProperty("total");
    }

    internal static async Task<(int Status, JsonElement Json)> JsonAsync(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        using JsonDocument json = JsonDocument.Parse(text);
        return ((int)response.StatusCode, json.RootElement.Clone());
    }

    /// <summary>A message as NDJSON.</summary>
    internal static string Line(string id, string? eventType = "SENT", string timestamp = "2024-12-16T10:00:00Z", string channel = "CHAT", int user = 1) =>
        $"{{\"timestamp\":\"{timestamp}\",\"value\":\"v\",\"event_type\":{JsonSerializer.Serialize(eventType)},\"message_id\":{JsonSerializer.Serialize(id)},\"channel\":\"{channel}\",\"country_id\":2001,\"user_id\":{user}}}\n";

    internal static string Ndjson(ReportTable table)
    {
        var text = new ArrayBufferWriter<byte>();
        table.WriteNdjson(text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    internal Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        if (_ownsScratch)
        {
            _scratch.Dispose();
        }
    }
}
