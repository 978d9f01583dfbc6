using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansLake.TestSupport;
using SinkOfYourOwn;

namespace OrleansLake.Server.Tests.Api;

/// <summary>The description as the tools of others take it: its rules, its schemas, and the types that they make of it.</summary>
public class OpenApiTypesTests
{
    private static readonly string[] Unreadable = ["no\n", "{\"message_id\":\"no time\"}\n", "\u00FF\n"];

    [ForeignFact]
    public async Task Every_answer_is_of_the_type_that_the_description_gives_it()
    {
        using var scratch = new ScratchFolder();
        (string sender, LakeApiKey senderKey) = LakeApiKey.Create("sender", LakeScopes.Ingest);
        await using ServerUnderTest locked = await ServerUnderTest.StartAsync(options => options.Keys.Add(senderKey));
        await using ServerUnderTest full = await ServerUnderTest.StartAsync(options => options.Limits = new LakeServerLimits { StreamsMax = 0, BodyBytesMax = 5000 });
        await using ServerUnderTest open = await ServerUnderTest.StartAsync(
            options => options.Embed.Keys.Add(EmbedKey.Create("site")), settings: settings => settings with { AddServices = services => services.AddReportSink(_ => new FolderSink(scratch["reports"])) });
        string document = await open.Http.GetStringAsync("/openapi/v1.json");
        var answers = new List<object>();

        // Nothing is in it yet.
        foreach (string path in (string[])["/v1/ledger", "/v1/status", "/v1/quarantine", "/v1/sinks", "/v1/stream?status=true", "/v1/reports/report1", "/v1/reports/report2"])
        {
            await GetAsync(open, PathOf(path), path);
        }

        string copies = ServerUnderTest.Line("a") + ServerUnderTest.Line("a", timestamp: "2024-12-15T10:00:00.123456Z") + ServerUnderTest.Line("a", "NONE") + ServerUnderTest.Line("ä/→");
        string nulls = "{\"timestamp\":\"2024-12-16T10:00:00Z\",\"message_id\":\"nulls\"}\n{\"timestamp\":\"2024-12-16T10:00:00Z\",\"message_id\":\"counted nulls\",\"event_type\":\"OPEN\"}\n";
        await PostAsync(open, "?wait=report", copies + nulls + string.Concat(Unreadable));
        await PostAsync(open, "", copies, "key");
        await PostAsync(open, "", copies, "key");
        await PostAsync(open, "", nulls, "key");
        await PostAsync(open, "?strict=true", Unreadable[0]);
        await PostAsync(open, "?wait=ever", copies);
        await PostAsync(open, "", copies, type: "text/plain");
        await PostAsync(open, "", $"[{ServerUnderTest.Line("json")}]", type: "application/json");
        await PostAsync(full, "", new string('x', 6000));
        await PostAsync(open, "", string.Concat(Enumerable.Range(0, 450).Select(day => ServerUnderTest.Line($"d{day}", timestamp: new DateTime(2020, 1, 1).AddDays(day).ToString("yyyy-MM-dd'T'00:00:00'Z'", CultureInfo.InvariantCulture)))));
        foreach (string path in (string[])
        [
            "/v1/ledger", "/v1/ledger?x", "/v1/status", "/v1/quarantine", "/v1/quarantine?limit=x", "/v1/sources", "/v1/sinks", "/v1/messages/a", "/v1/messages/nulls", "/v1/messages/nobody", "/v1/messages/a?x=1",
            "/v1/reports/report1", "/v1/reports/report2", "/v1/reports/report2?top=1&skip=0&limit=1", "/v1/reports/report1?channel=no", "/v1/reports/report3", "/v1/reports/report1?top=0",
            "/v1/reports/report1.csv", "/v1/reports/report1.ndjson", "/v1/reports/report1.parquet", "/v1/reports/report1?min_position=9.9", "/v1/reports/report1/stream", "/v1/reports/report3/stream",
            "/v1/stream?status=true", "/v1/stream?reports=report3", "/metrics", "/health", "/alive", "/openapi/v1.json",
        ])
        {
            await GetAsync(open, PathOf(path), path);
        }

        await GetAsync(open, "/v1/stream", "/v1/stream", "9.9");
        await GetAsync(full, "/v1/stream", "/v1/stream");
        await GetAsync(locked, "/v1/ledger", "/v1/ledger");
        locked.Http.DefaultRequestHeaders.Authorization = new("Bearer", sender);
        await GetAsync(locked, "/v1/ledger", "/v1/ledger");
        foreach (string body in (string[])["{\"reports\":{\"report1\":{\"channel\":[\"EMAIL\"],\"from\":\"2024-12-01\"},\"report2\":{\"top\":10}},\"expires_in\":60}", "{}"])
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            await AddAsync("/v1/embed-tokens", await open.Http.PostAsync("/v1/embed-tokens", content));
        }

        string[] faults = JsonSerializer.Deserialize<string[]>(ForeignReaders.Ask("openapi.mjs", $"{{\"document\":{document},\"answers\":{JsonSerializer.Serialize(answers)}}}"))!;
        Assert.True(faults.Length == 0, string.Join('\n', faults));

        static string PathOf(string url)
        {
            string path = url.Split('?')[0];
            return path.StartsWith("/v1/messages/", StringComparison.Ordinal) ? "/v1/messages/{id}"
                : !path.StartsWith("/v1/reports/", StringComparison.Ordinal) ? path
                : path.EndsWith("/stream", StringComparison.Ordinal) ? "/v1/reports/{report}/stream" : "/v1/reports/{report}";
        }

        async Task PostAsync(ServerUnderTest server, string query, string body, string? key = null, string type = "application/x-ndjson") =>
            await AddAsync("/v1/messages", await server.PostAsync(Encoding.Latin1.GetBytes(body), query, type, key));

        async Task GetAsync(ServerUnderTest server, string path, string url, string? after = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("Last-Event-ID", after);
            await AddAsync(path, await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead), server);
        }

        async Task AddAsync(string path, HttpResponseMessage response, ServerUnderTest? server = null)
        {
            using (response)
            {
                string type = response.Content.Headers.ContentType!.MediaType!;
                string text = type == "text/event-stream" ? await EventsAsync(response, server!) : await response.Content.ReadAsStringAsync();
                answers.Add(new { path, method = response.RequestMessage!.Method.Method.ToLowerInvariant(), status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture), type, body = text });
            }
        }
    }

    // What it starts with, and what a message more brings.
    private static async Task<string> EventsAsync(HttpResponseMessage response, ServerUnderTest server)
    {
        using var timeout = new CancellationTokenSource(Eventually.Max);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var text = new StringBuilder();
        bool isSent = false;
        while (true)
        {
            string? line = await reader.ReadLineAsync(timeout.Token);
            text.Append(line).Append('\n');
            if (line is null || (isSent && text.ToString().Contains("event: delta", StringComparison.Ordinal) && line.Length == 0))
            {
                return text.ToString();
            }

            if (!isSent && line.StartsWith("id: ", StringComparison.Ordinal))
            {
                isSent = true;
                await server.PostAsync(ServerUnderTest.Line($"{Guid.NewGuid()}"));
            }
        }
    }

    [Theory]
    [InlineData("", "", "/")]
    [InlineData("/base", "", "/base")]
    [InlineData("", "/lake", "/lake")]
    [InlineData("/a b", "/lake", "/a%20b/lake")]
    public async Task It_says_where_the_lake_is_and_has_paths_below_that(string pathBase, string group, string expected)
    {
        using var scratch = new ScratchFolder();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddOrleansLake(options => (options.Path, options.IsDurable) = (scratch["lake"], false));
        await using WebApplication app = builder.Build();
        app.UsePathBase(new PathString(pathBase));
        app.UseRouting();
        app.MapGroup(group).MapOrleansLake();
        app.MapGroup("/other").MapOrleansLake();
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using JsonDocument document = JsonDocument.Parse(await http.GetStringAsync($"{Uri.EscapeDataString(pathBase).Replace("%2F", "/", StringComparison.Ordinal)}{group}/openapi/v1.json"));
        string server = document.RootElement.GetProperty("servers")[0].GetProperty("url").GetString()!;
        Assert.Equal(expected, server);
        Assert.True(document.RootElement.GetProperty("paths").TryGetProperty("/v1/ledger", out _));
        Assert.Equal(200, (int)(await http.GetAsync(server.TrimEnd('/') + "/v1/ledger")).StatusCode);
    }

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own_and_each_body_a_schema()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        JsonElement document = await server.GetJsonAsync("/openapi/v1.json");
        var names = new HashSet<string>();
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                Assert.True(names.Add(operation.Value.GetProperty("operationId").GetString()!), $"{operation.Name} {path.Name}");
                foreach (JsonProperty response in operation.Value.GetProperty("responses").EnumerateObject().Where(one => one.Value.TryGetProperty("content", out _)))
                {
                    foreach (JsonProperty content in response.Value.GetProperty("content").EnumerateObject())
                    {
                        // An object of anything is what the description itself is, and nothing else.
                        JsonElement schema = content.Value.GetProperty("schema");
                        Assert.True(schema.TryGetProperty("$ref", out _) || schema.GetProperty("type").GetString() == "string" || path.Name == "/openapi/v1.json", $"{operation.Name} {path.Name} {response.Name}");
                    }
                }
            }
        }
    }
}
