using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansLake.TestSupport;
using SourceOfYourOwn;

namespace OrleansLake.Server.Tests.Api;

public class OpenApiTests
{
    [Fact]
    public async Task The_description_has_every_route_and_the_server_takes_every_parameter_of_it()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        JsonElement document = await server.GetJsonAsync("/openapi/v1.json");
        JsonElement paths = document.GetProperty("paths");
        foreach (RouteEndpoint route in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            string path = "/" + route.RoutePattern.RawText!.TrimStart('/').Replace("{**", "{", StringComparison.Ordinal);
            if (path.StartsWith("/v1/", StringComparison.Ordinal) || path is "/health" or "/alive" or "/metrics")
            {
                foreach (string method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
                {
                    Assert.True(paths.GetProperty(path).TryGetProperty(method.ToLowerInvariant(), out _), $"{method} {path}");
                }
            }
        }

        foreach (JsonProperty path in paths.EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject().Where(operation => operation.Name == "get"))
            {
                foreach (JsonElement parameter in operation.Value.GetProperty("parameters").EnumerateArray().Where(one => one.GetProperty("in").GetString() == "query"))
                {
                    // Taken or not by its value, but never unknown.
                    string name = parameter.GetProperty("name").GetString()!;
                    using HttpResponseMessage response = await server.Http.GetAsync(
                        path.Name.Replace("{report}", "report1", StringComparison.Ordinal) + $"?{name}=%00", HttpCompletionOption.ResponseHeadersRead);
                    string text = response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync();
                    Assert.DoesNotContain("unknown-parameter", text, StringComparison.Ordinal);
                    Assert.True(response.IsSuccessStatusCode || operation.Value.GetProperty("responses").TryGetProperty($"{(int)response.StatusCode}", out _), $"{path.Name} {name}: {response.StatusCode}");
                }
            }
        }
    }

    [Fact]
    public async Task Headers_of_answers_are_described_and_those_described_are_given()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(ServerUnderTest.Line("a"), "?wait=report");
        JsonElement paths = (await server.GetJsonAsync("/openapi/v1.json")).GetProperty("paths");
        foreach ((string path, string url) in ((string, string)[])
            [("/v1/reports/{report}", "/v1/reports/report1"), ("/v1/reports/{report}", "/v1/reports/report2.csv?top=1"), ("/v1/messages", "/v1/messages?id=a"), ("/v1/messages/{id}", "/v1/messages/a"), ("/v1/ledger", "/v1/ledger"), ("/v1/status", "/v1/status"), ("/v1/quarantine", "/v1/quarantine")])
        {
            using HttpResponseMessage response = await server.Http.GetAsync(url);
            string[] given = [.. response.Headers.Select(header => header.Key).Where(name => name is "ETag" || name.StartsWith("Lake-", StringComparison.Ordinal)).Order()];
            JsonElement answers = paths.GetProperty(path).GetProperty("get").GetProperty("responses");
            Assert.Equal(Described(answers.GetProperty("200")), given);
            if (response.Headers.ETag is { } tag)
            {
                Assert.Equal(["ETag", "Lake-Position", "Lake-Rows", "Lake-Time"], given);
                Assert.Equal(given, Described(answers.GetProperty("304")));
                using var again = new HttpRequestMessage(HttpMethod.Get, url);
                again.Headers.IfNoneMatch.Add(tag);
                using HttpResponseMessage same = await server.Http.SendAsync(again);
                Assert.Equal((304, true), ((int)same.StatusCode, same.Headers.Contains("Lake-Rows")));
            }
        }

        static string[] Described(JsonElement answer) => answer.TryGetProperty("headers", out JsonElement headers) ? [.. headers.EnumerateObject().Select(header => header.Name).Order()] : [];
    }

    [Fact]
    public async Task Every_answer_is_in_the_description_and_every_status_in_it_is_given()
    {
        (string all, LakeApiKey allKey) = LakeApiKey.Create("all", LakeScopes.All);
        (string sender, LakeApiKey senderKey) = LakeApiKey.Create("sender", LakeScopes.Ingest);
        (string reader, LakeApiKey readerKey) = LakeApiKey.Create("reader", LakeScopes.Read);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options =>
        {
            options.Keys.Add(allKey);
            options.Keys.Add(senderKey);
            options.Keys.Add(readerKey);
            options.Limits = new LakeServerLimits { BodyBytesMax = 5000, StreamsMax = 0, DatesPerSenderMax = 3 };
        });
        using var scratch = new ScratchFolder();
        string file = scratch.Write("a.ndjson", "");
        await using ServerUnderTest open = await ServerUnderTest.StartAsync(
            options => options.Embed.Keys.Add(EmbedKey.Create("site")), settings: settings => settings with { AddServices = services => services.AddTopicSource(_ => new LinesSource(file)) });
        await Eventually.HoldsAsync(() => open.NewClient().GetSourcesAsync().Result.Single().Partitions.Count == 1, "the source is read");
        JsonElement paths = (await open.GetJsonAsync("/openapi/v1.json")).GetProperty("paths");
        var seen = new HashSet<string>();
        string line = ServerUnderTest.Line("a");
        (ServerUnderTest To, string Path, string Url, string Method, string[] Headers, string? Body)[] requests =
        [
            (open, "/v1/messages", "", "POST", ["Content-Type: application/x-ndjson"], line),
            (open, "/v1/messages", "?wait=report", "POST", ["Content-Type: application/json"], $"[{line}]"),
            (open, "/v1/messages", "?strict=1", "POST", ["Content-Type: application/x-ndjson"], "no\n"),
            (open, "/v1/messages", "?wait=ever", "POST", ["Content-Type: application/x-ndjson"], line),
            (open, "/v1/messages", "", "POST", ["Content-Type: text/plain"], line),
            (open, "/v1/messages", "", "POST", ["Content-Type: application/x-www-form-urlencoded"], "message_id=a&timestamp=2024-12-16"),
            (server, "/v1/messages", "", "POST", ["Content-Type: application/x-ndjson", $"Authorization: Bearer {all}"], new string('x', 6000)),
            (server, "/v1/messages", "", "POST", ["Content-Type: application/x-ndjson", $"Authorization: Bearer {all}"], Dates(1, 3)),
            (server, "/v1/messages", "", "POST", ["Content-Type: application/x-ndjson", $"Authorization: Bearer {all}"], Dates(4, 4)),
            (open, "/v1/messages", "?id=a", "GET", [], null),
            (open, "/v1/messages", "?id=nobody", "GET", [], null),
            (open, "/v1/messages", "", "GET", [], null),
            (open, "/v1/messages/{id}", "/a", "GET", [], null),
            (open, "/v1/messages/{id}", "/nobody", "GET", [], null),
            (open, "/v1/messages/{id}", "/a?x=1", "GET", [], null),
            (open, "/v1/reports/{report}", "/report1", "GET", [], null),
            (open, "/v1/reports/{report}", "/report1.csv", "GET", [], null),
            (open, "/v1/reports/{report}", "/report1.ndjson", "GET", [], null),
            (open, "/v1/reports/{report}", "/report2.parquet", "GET", [], null),
            (open, "/v1/reports/{report}", "/report1", "GET", ["If-None-Match: *"], null),
            (open, "/v1/reports/{report}", "/report3", "GET", [], null),
            (open, "/v1/reports/{report}", "/report1?top=0", "GET", [], null),
            (open, "/v1/reports/{report}", "/report1", "GET", ["Accept: image/png"], null),
            (open, "/v1/reports/{report}", "/report1?min_position=9.9", "GET", [], null),
            (open, "/v1/reports/{report}/stream", "/report1/stream", "GET", [], null),
            (open, "/v1/reports/{report}/stream", "/report3/stream", "GET", [], null),
            (open, "/v1/reports/{report}/stream", "/report1/stream?top=x", "GET", [], null),
            (server, "/v1/reports/{report}/stream", "/report1/stream", "GET", [$"Authorization: Bearer {all}"], null),
            (open, "/v1/stream", "?status=true", "GET", [], null),
            (open, "/v1/stream", "?reports=report3", "GET", [], null),
            (open, "/v1/stream", "?reports=report1,report1", "GET", [], null),
            (server, "/v1/stream", "", "GET", [$"Authorization: Bearer {all}"], null),
            (open, "/v1/ledger", "", "GET", [], null),
            (open, "/v1/ledger", "?x", "GET", [], null),
            (open, "/v1/status", "", "GET", [], null),
            (open, "/v1/status", "?x", "GET", [], null),
            (open, "/v1/quarantine", "?limit=1", "GET", [], null),
            (open, "/v1/quarantine", "?limit=x", "GET", [], null),
            (open, "/v1/embed-tokens", "", "POST", ["Content-Type: application/json"], "{\"reports\":{\"report1\":{}}}"),
            (open, "/v1/embed-tokens", "", "POST", ["Content-Type: application/json"], "{}"),
            (open, "/v1/embed-tokens", "", "POST", ["Content-Type: text/plain"], "{}"),
            (open, "/v1/embed-tokens", "", "POST", ["Content-Type: application/json"], new string(' ', 70_000)),
            (server, "/v1/embed-tokens", "", "POST", ["Content-Type: application/json", $"Authorization: Bearer {all}"], "{}"),
            (open, "/v1/mappings/{name}", "/one", "PUT", ["Content-Type: application/json"], "{\"fields\":{\"timestamp\":\"ts\"}}"),
            (open, "/v1/mappings/{name}", "/one", "PUT", ["Content-Type: application/json"], "{}"),
            (open, "/v1/mappings/{name}", "/one", "PUT", ["Content-Type: text/plain"], "{}"),
            (open, "/v1/mappings/{name}", "/one", "PUT", ["Content-Type: application/json"], new string(' ', (1 << 20) + 1)),
            (open, "/v1/mappings", "", "GET", [], null),
            (open, "/v1/mappings", "?x", "GET", [], null),
            (open, "/v1/mappings/{name}", "/one", "GET", [], null),
            (open, "/v1/mappings/{name}", "/one?x", "GET", [], null),
            (open, "/v1/mappings/{name}", "/two", "GET", [], null),
            (open, "/v1/mappings/{name}", "/one", "DELETE", [], null),
            (open, "/v1/mappings/{name}", "/one", "DELETE", [], null),
            (open, "/v1/mappings/{name}", "/One", "DELETE", [], null),
            (open, "/v1/sources", "", "GET", [], null),
            (open, "/v1/sources", "?x", "GET", [], null),
            (open, "/v1/sources/{name}/pause", "/lines:a.ndjson/pause", "POST", [], null),
            (open, "/v1/sources/{name}/pause", "/lines:a.ndjson/pause?x", "POST", [], null),
            (open, "/v1/sources/{name}/pause", "/nobody/pause", "POST", [], null),
            (open, "/v1/sources/{name}/resume", "/lines:a.ndjson/resume", "POST", [], null),
            (open, "/v1/sources/{name}/resume", "/lines:a.ndjson/resume?x", "POST", [], null),
            (open, "/v1/sources/{name}/resume", "/nobody/resume", "POST", [], null),
            (open, "/v1/sources/{name}/seek", "/lines:a.ndjson/seek?offset=earliest&topic=lines:a.ndjson&partition=0", "POST", [], null),
            (open, "/v1/sources/{name}/seek", "/lines:a.ndjson/seek?offset=soon", "POST", [], null),
            (open, "/v1/sources/{name}/seek", "/nobody/seek?offset=latest", "POST", [], null),
            (open, "/v1/sinks", "", "GET", [], null),
            (open, "/v1/sinks", "?x", "GET", [], null),
            (open, "/metrics", "", "GET", [], null),
            (open, "/metrics", "?x=1", "GET", [], null),
            (open, "/health", "", "GET", [], null),
            (open, "/alive", "", "GET", [], null),
            (open, "/openapi/v1.json", "", "GET", [], null),
            (open, "/openapi/v1.json", "?x=1", "GET", [], null),
        ];
        foreach (var request in requests)
        {
            string url = (request.Path.Contains('{', StringComparison.Ordinal) ? request.Path[..request.Path.IndexOf("/{", StringComparison.Ordinal)] : request.Path) + request.Url;
            await AskAsync(request.To, request.Path, url, request.Method, request.Headers, request.Body);
            if (request.Method == "GET" && !request.Path.EndsWith("stream", StringComparison.Ordinal))
            {
                await AskAsync(request.To, request.Path, url, "HEAD", request.Headers, null);
            }
        }

        foreach (JsonProperty path in paths.EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                string url = path.Name.Replace("{report}", "report1", StringComparison.Ordinal).Replace("{id}", "a", StringComparison.Ordinal).Replace("{name}", "one", StringComparison.Ordinal);
                await AskAsync(server, path.Name, url, operation.Name.ToUpperInvariant(), [], null);
                await AskAsync(server, path.Name, url, operation.Name.ToUpperInvariant(), [$"Authorization: Bearer {(path.Name == "/v1/messages" && operation.Name == "post" ? reader : sender)}"], null);
            }
        }

        // What needs a lake in trouble, or two requests at one moment, is given by other tests.
        string[] missing =
        [
            .. paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Where(operation => operation.Name != "head").SelectMany(operation =>
                operation.Value.GetProperty("responses").EnumerateObject().Select(response => $"{operation.Name.ToUpperInvariant()} {path.Name} {response.Name}")))
                .Where(one => !seen.Contains(one) && one[^3..] is not ("503" or "504" or "429" or "ult"))
                .Except(["POST /v1/messages 409"]),
        ];
        Assert.True(missing.Length == 0, string.Join('\n', missing));

        async Task AskAsync(ServerUnderTest to, string path, string url, string method, string[] headers, string? body)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), url);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
            }

            foreach (string header in headers)
            {
                (string name, string value) = (header.Split(": ")[0], header.Split(": ")[1]);
                if (!request.Headers.TryAddWithoutValidation(name, value))
                {
                    request.Content!.Headers.TryAddWithoutValidation(name, value);
                }
            }

            using HttpResponseMessage response = await to.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            int status = (int)response.StatusCode;
            string asked = $"{method} {path} {status}";
            seen.Add(asked);
            JsonElement described = default;
            Assert.True(
                paths.GetProperty(path).TryGetProperty(method.ToLowerInvariant(), out JsonElement operation) && operation.GetProperty("responses").TryGetProperty($"{status}", out described),
                $"{asked} ({url}) is not described");
            if (method != "HEAD" && status is not (204 or 304))
            {
                Assert.True(described.TryGetProperty("content", out JsonElement content) && content.TryGetProperty(response.Content.Headers.ContentType!.MediaType!, out _), $"{asked}: {response.Content.Headers.ContentType} is not described");
            }
        }

        static string Dates(int from, int to) => string.Concat(Enumerable.Range(from, to - from + 1).Select(day => ServerUnderTest.Line($"d{day}", timestamp: $"2024-12-{day:D2}T10:00:00Z")));
    }
}
