using System.Net;
using System.Text;
using System.Text.Json;

namespace OrleansLake.Server.Tests.Api;

public class MessageIdTests
{
    private static readonly string[] Ids =
    [
        "x/y", "x%2Fy", "x%2fy", "100%", "%", "%25", "%C3%28", "a?b", "a#b", "a+b", "a b", " ", "..", ".", "a/../b", "%2e%2e", "a\\b", "äöü→😀", "a\nb", "a\0b", "a//b", "/a", "a/", "//",
        "x.json", "a;b", "a&b=c", "id=1", "?", "#", "\"q\"", "it's", "{id}", "a:b", "*", "~", new string('l', 3000),
    ];

    [Fact]
    public async Task Every_id_is_found_by_its_parameter_and_all_that_a_path_can_hold_by_its_path()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.PostAsync(string.Concat(Ids.Select(id => ServerUnderTest.Line(id))), "?wait=report&strict=true")).StatusCode);
        foreach (string id in Ids)
        {
            string escaped = Uri.EscapeDataString(id);
            Assert.Equal(id, await FoundAsync(server, $"/v1/messages?id={escaped}"));
            if (id is not ("." or "..") && !id.Contains('\0', StringComparison.Ordinal))
            {
                Assert.Equal(id, await FoundAsync(server, $"/v1/messages/{escaped}"));
            }
        }

        Assert.Equal("x/y", await FoundAsync(server, "/v1/messages/x/y"));
    }

    [Theory]
    [InlineData("/v1/messages", 400)]
    [InlineData("/v1/messages/", 400)]
    [InlineData("/v1/messages?id=", 400)]
    [InlineData("/v1/messages?id=a&id=b", 400)]
    [InlineData("/v1/messages/none%2Fthere", 404)]
    [InlineData("/v1/messages?id=none%2Fthere", 404)]
    public async Task An_id_that_is_missing_or_not_there_is_said(string path, int status)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        (int answered, JsonElement problem) = Read(await RawAsync(server, path));
        Assert.Equal((status, status), (answered, problem.GetProperty("status").GetInt32()));
        Assert.Equal(status == 404, problem.GetProperty("detail").GetString()!.Contains("'none/there'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00.000001Z", "0001-01-01T00:00:00.000001Z")]
    [InlineData("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z")]
    public async Task The_first_and_the_last_timestamp_are_given_back(string timestamp, string given)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.PostAsync(ServerUnderTest.Line("a", timestamp: timestamp), "?wait=report");
        using JsonDocument message = JsonDocument.Parse(await server.Http.GetStringAsync("/v1/messages?id=a"));
        Assert.Equal(given, message.RootElement.GetProperty("copies")[0].GetProperty("timestamp").GetString());
        using JsonDocument status = JsonDocument.Parse(await server.Http.GetStringAsync("/v1/status"));
        Assert.StartsWith(given[..19], status.RootElement.GetProperty("newest_event").GetString(), StringComparison.Ordinal);
    }

    // As it is written: a client's library would change dots and slashes.
    private static async Task<string> FoundAsync(ServerUnderTest server, string path)
    {
        (int status, JsonElement json) = Read(await RawAsync(server, path));
        Assert.True(status == 200, $"{path}: {status}");
        return json.GetProperty("message_id").GetString()!;
    }

    private static Task<string> RawAsync(ServerUnderTest server, string path) =>
        RawRequest.SendAsync(server.Address, $"GET {path} HTTP/1.0\r\nHost: {server.Address.Authority}\r\n\r\n");

    private static (int Status, JsonElement Json) Read(string answer)
    {
        int status = int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
        int start = answer.IndexOf('{', StringComparison.Ordinal);
        string json = answer[start..(answer.LastIndexOf('}') + 1)];
        return (status, JsonDocument.Parse(Encoding.UTF8.GetBytes(json)).RootElement.Clone());
    }
}
