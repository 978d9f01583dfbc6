using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace OrleansLake.Server.Tests.Api;

public class SendTests
{
    [Fact]
    public async Task What_is_accepted_and_what_is_not_is_told_by_line()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        (int status, JsonElement json) = await ServerUnderTest.JsonAsync(await server.PostAsync(
            ServerUnderTest.Line("a") + "{\"oops\":1}\n" + ServerUnderTest.Line("b", "") + "not json\n"));
        Assert.Equal(202, status);
        Assert.Equal((2, 0, 2), (json.GetProperty("accepted").GetInt32(), json.GetProperty("duplicates").GetInt32(), json.GetProperty("quarantined").GetInt32()));
        Assert.Equal(
            [(2, "missing_timestamp"), (4, "not_readable")],
            json.GetProperty("errors").EnumerateArray().Select(error => (error.GetProperty("line").GetInt32(), error.GetProperty("code").GetString()!)));
        Assert.Equal("1.2", json.GetProperty("token").GetString());
    }

    [Fact]
    public async Task Wait_report_answers_200_when_the_report_shows_it()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        for (int i = 1; i <= 20; i++)
        {
            HttpResponseMessage response = await server.PostAsync(ServerUnderTest.Line($"m{i}"), "?wait=report");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            JsonElement report = await server.GetJsonAsync("/v1/reports/report1");
            Assert.Equal(i, report.GetProperty("rows")[0].GetProperty("total").GetInt32());
        }
    }

    [Theory]
    [InlineData("application/x-ndjson")]
    [InlineData("application/jsonl")]
    [InlineData("Application/X-JsonLines")]
    [InlineData("text/json")]
    [InlineData("application/vnd.a+json; charset=utf-8")]
    [InlineData("application/cloudevents+JSON")]
    [InlineData("application/x-ndjson; charset=utf-8")]
    [InlineData("application/x-ndjson; charset=\"UTF-8\"")]
    [InlineData("application/json;charset=\"utf-8\"")]
    [InlineData("application/json; charset=us-ascii")]
    public async Task Lines_of_json_are_taken(string type)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await server.PostAsync(ServerUnderTest.Line("a"), type: type)).StatusCode);
    }

    [Fact]
    public async Task A_json_array_is_taken_as_its_elements()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        string body = $"[{ServerUnderTest.Line("a").Trim()},\n{ServerUnderTest.Line("b").Trim()}, 5]";
        (int status, JsonElement json) = await ServerUnderTest.JsonAsync(await server.PostAsync(body, type: "application/json"));
        Assert.Equal((202, 2, 1), (status, json.GetProperty("accepted").GetInt32(), json.GetProperty("quarantined").GetInt32()));
        Assert.Equal(3, json.GetProperty("errors")[0].GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task A_packed_body_is_taken()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        string text = string.Concat(Enumerable.Range(0, 5000).Select(i => ServerUnderTest.Line($"m{i}")));
        (int status, JsonElement json) = await ServerUnderTest.JsonAsync(await server.PostAsync(Packed(Encoding.UTF8.GetBytes(text)), encoding: "gzip"));
        Assert.Equal((202, 5000), (status, json.GetProperty("accepted").GetInt32()));
    }

    [Fact]
    public async Task The_same_key_and_body_is_stored_once_also_after_a_restart()
    {
        using var scratch = new OrleansLake.TestSupport.ScratchFolder();
        string body = ServerUnderTest.Line("a") + "bad\n";
        await using (ServerUnderTest server = await ServerUnderTest.StartAsync(scratch: scratch))
        {
            (_, JsonElement first) = await ServerUnderTest.JsonAsync(await server.PostAsync(body, key: "\"k1\""));
            Assert.Equal((1, 0, 1), Counts(first));
            (int status, JsonElement again) = await ServerUnderTest.JsonAsync(await server.PostAsync(body, key: "k1"));
            Assert.Equal(202, status);
            Assert.Equal((0, 1, 1), Counts(again));
            Assert.Equal(first.GetProperty("token").GetString(), again.GetProperty("token").GetString());
            await server.StopAsync();
        }

        await using ServerUnderTest later = await ServerUnderTest.StartAsync(scratch: scratch);
        (_, JsonElement repeated) = await ServerUnderTest.JsonAsync(await later.PostAsync(body, key: "k1"));
        Assert.Equal((0, 1, 1), Counts(repeated));
        JsonElement ledger = await later.GetJsonAsync("/v1/ledger");
        Assert.Equal((1, 1), (ledger.GetProperty("total").GetProperty("bronze").GetInt32(), ledger.GetProperty("total").GetProperty("rejected").GetInt32()));
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(ServerUnderTest.Line("a"), key: "k1");
        (int status, JsonElement json) = await ServerUnderTest.JsonAsync(await server.PostAsync(ServerUnderTest.Line("b"), key: "k1"));
        Assert.Equal((422, "urn:orleanslake:problem:idempotency-key-reused"), (status, json.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Strict_takes_all_or_nothing()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        (int status, JsonElement json) = await ServerUnderTest.JsonAsync(await server.PostAsync(ServerUnderTest.Line("a") + "bad\n", "?strict=true"));
        Assert.Equal((422, 2), (status, json.GetProperty("errors")[0].GetProperty("line").GetInt32()));
        JsonElement ledger = await server.GetJsonAsync("/v1/ledger");
        Assert.Equal((0, 0), (ledger.GetProperty("total").GetProperty("bronze").GetInt32(), ledger.GetProperty("total").GetProperty("rejected").GetInt32()));
        Assert.Equal(HttpStatusCode.Accepted, (await server.PostAsync(ServerUnderTest.Line("a"), "?strict=true")).StatusCode);
    }

    [Fact]
    public async Task Every_error_is_a_problem()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        (string Url, HttpMethod Method, int Status)[] wrong =
        [
            ("/v1/reports/report3", HttpMethod.Get, 404),
            ("/v1/reports/report1.xlsx", HttpMethod.Get, 404),
            ("/v1/reports/report1?form=2024-01-01", HttpMethod.Get, 400),
            ("/v1/reports/report1?date=yesterday", HttpMethod.Get, 400),
            ("/v1/reports/report1?user=1", HttpMethod.Get, 400),
            ("/v1/reports/report1?min_position=abc", HttpMethod.Get, 400),
            ("/v1/reports/report1?min_position=7.0", HttpMethod.Get, 410),
            ("/v1/reports/report2?top=0", HttpMethod.Get, 400),
            ("/v1/reports/report2/stream?channel=CHAT", HttpMethod.Get, 400),
            ("/v1/reports/report3/stream", HttpMethod.Get, 404),
            ("/v1/stream?reports=report1,report1", HttpMethod.Get, 400),
            ("/v1/messages/none", HttpMethod.Get, 404),
            ("/v1/messages", HttpMethod.Get, 400),
            ("/v1/messages", HttpMethod.Put, 405),
            ("/v1/quarantine?limit=1e9", HttpMethod.Get, 400),
            ("/v1/messages?wait=ever", HttpMethod.Post, 400),
            ("/nothing", HttpMethod.Get, 404),
        ];
        foreach ((string url, HttpMethod method, int status) in wrong)
        {
            using var request = new HttpRequestMessage(method, url);
            using HttpResponseMessage response = await server.Http.SendAsync(request);
            Assert.True(status == (int)response.StatusCode, $"{url}: {(int)response.StatusCode}, not {status}");
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            (_, JsonElement json) = await ServerUnderTest.JsonAsync(response);
            Assert.Equal(status, json.GetProperty("status").GetInt32());
            Assert.NotEmpty(json.GetProperty("detail").GetString()!);
        }
    }

    [Fact]
    public async Task A_stopping_server_keeps_what_it_acknowledged()
    {
        using var scratch = new OrleansLake.TestSupport.ScratchFolder();
        long acknowledged = 0;
        await using (ServerUnderTest server = await ServerUnderTest.StartAsync(scratch: scratch))
        {
            Task[] senders =
            [
                .. Enumerable.Range(0, 4).Select(sender => Task.Run(async () =>
                {
                    for (int i = 0; ; i++)
                    {
                        try
                        {
                            using HttpResponseMessage response = await server.PostAsync(ServerUnderTest.Line($"{sender}-{i}"));
                            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
                            {
                                Assert.NotNull(response.Headers.RetryAfter);
                                return;
                            }

                            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
                            Interlocked.Increment(ref acknowledged);
                        }
                        catch (HttpRequestException)
                        {
                            return;
                        }
                    }
                })),
            ];
            while (Volatile.Read(ref acknowledged) < 50)
            {
                await Task.Yield();
            }

            await server.StopAsync();
            await Task.WhenAll(senders);
        }

        await using ServerUnderTest later = await ServerUnderTest.StartAsync(scratch: scratch);
        JsonElement ledger = await later.GetJsonAsync("/v1/ledger");
        Assert.True(ledger.GetProperty("total").GetProperty("bronze").GetInt64() >= acknowledged);
    }

    internal static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static (int Accepted, int Duplicates, int Quarantined) Counts(JsonElement json) =>
        (json.GetProperty("accepted").GetInt32(), json.GetProperty("duplicates").GetInt32(), json.GetProperty("quarantined").GetInt32());
}
