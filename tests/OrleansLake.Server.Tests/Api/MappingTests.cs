using System.Text;
using System.Text.Json;
using OrleansLake.Client;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Api;

/// <summary>Bodies of another shape go through the lake's mappings.</summary>
public sealed class MappingTests
{
    private const string Body = """{"id":"m1","at":1734343260000,"kind":"sent","via":"SMS"}""" + "\n" + """{"id":"m2","kind":"sent","via":"SMS"}""" + "\n";

    [Theory]
    [InlineData("", 202, 1, 1)]
    [InlineData("?mapping=default", 202, 1, 1)]
    [InlineData("?mapping=none", 202, 0, 2)]
    public async Task A_body_goes_through_the_mapping_that_is_named_or_the_default_one(string query, int expected, int accepted, int quarantined)
    {
        using var scratch = new ScratchFolder();
        string file = scratch.Write("mapping.json", """{"fields":{"timestamp":{"from":"at","format":"epoch-ms"},"message_id":"id","event_type":{"from":"kind","case":"upper"},"channel":"via"}}""");
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.MappingFile = file);
        (int status, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync(Body, query));
        Assert.Equal((expected, accepted, quarantined), (status, answer.GetProperty("accepted").GetInt32(), answer.GetProperty("quarantined").GetInt32()));
        JsonElement[] records = [.. (await server.GetJsonAsync("/v1/quarantine")).GetProperty("records").EnumerateArray()];
        Assert.All(records, one => Assert.Equal(query == "?mapping=none" ? "none" : null, one.TryGetProperty("mapping", out JsonElement mapping) ? mapping.GetString() : null));
        Assert.All((await server.NewClient().GetQuarantineAsync(new QuarantineQuery())).Records, one => Assert.Equal(query == "?mapping=none" ? "none" : null, one.Mapping));
        Assert.Equal(query == "?mapping=none" ? "timestamp is missing" : "timestamp (from at) is missing", answer.GetProperty("errors")[0].GetProperty("detail").GetString()!.Split(',')[0]);
        Assert.False(accepted > 0 && answer.TryGetProperty("note", out _));
    }

    [Fact]
    public async Task A_mapped_column_that_no_message_of_a_body_has_is_named()
    {
        using var scratch = new ScratchFolder();
        string file = scratch.Write("mapping.json", """{"fields":{"timestamp":{"from":"at","format":"epoch-ms"},"message_id":"id","event_type":{"from":["kind","type"]},"channel":"via","user_id":"to.user"}}""");
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.MappingFile = file);

        (_, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync("""{"id":"m1","at":1734343260000,"via":"SMS"}""", ""));
        Assert.Equal("no event_type (from kind or type) or user_id (from to.user) in any message of the body", answer.GetProperty("note").GetString());

        // Null is a value that a sender has given.
        (_, answer) = await ServerUnderTest.JsonAsync(await server.PostAsync("""{"id":"m2","at":1734343260000,"via":"SMS","type":"SENT"}""" + "\n" + """{"id":"m3","at":1734343260000,"to":{"user":null}}""", ""));
        Assert.Equal(2, answer.GetProperty("accepted").GetInt32());
        Assert.False(answer.TryGetProperty("note", out _));
    }

    [Fact]
    public async Task A_mapping_that_there_is_not_is_400()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        (int status, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync(Body, "?mapping=nope"));
        Assert.Equal((400, "urn:orleanslake:problem:unknown-mapping"), (status, answer.GetProperty("type").GetString()));
        Assert.Equal("there is no mapping 'nope' (the lake has none); nothing was stored.", answer.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("{\"fields\":{\"channel\":{\"constant\":\"caf\u00e9\"}}}", "the text is not UTF-8, which is expected: byte 0xE9 at position 37 starts no character")]
    [InlineData("{\"fields\":{\"channel\":{\"constant\":\"\\ud800\"}}}", "half a surrogate pair")]
    public async Task A_mapping_that_is_not_utf8_is_400_and_not_kept(string latin1, string detail)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(latin1));
        content.Headers.ContentType = new("application/json");
        (int status, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.Http.PutAsync("/v1/mappings/one", content));
        Assert.Equal((400, "urn:orleanslake:problem:bad-request"), (status, answer.GetProperty("type").GetString()));
        Assert.Contains(detail, answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty((await server.GetJsonAsync("/v1/mappings")).GetProperty("mappings").EnumerateObject());
    }
}
