using System.Net;
using System.Text;
using System.Text.Json;

namespace OrleansLake.Server.Tests.Api;

/// <summary>A form is one record.</summary>
public sealed class FormTests
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Callback = "MessageSid=SM1&MessageStatus=delivered&To=%2B4917&user=7&note=a+b";
    private const string Mapping = """{"fields":{"timestamp":{"format":"receipt"},"message_id":"MessageSid","event_type":{"from":"MessageStatus","map":{"delivered":"RECEIVED"}},"channel":{"constant":"SMS"},"user_id":"user","value":"note"}}""";

    [Theory]
    [InlineData(Form)]
    [InlineData("Application/X-WWW-Form-Urlencoded; charset=\"UTF-8\"")]
    public async Task A_form_is_a_message_by_its_names(string type)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        const string Body = "timestamp=2024-12-16T10%3A00%3A00Z&message_id=a%2Fb&event_type=SENT&channel=CHAT&country_id=2001&user_id=7&value=1+%2B+1&more=x\n";
        (int status, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync(Body, "?wait=report", type));
        Assert.Equal((200, 1, false), (status, answer.GetProperty("accepted").GetInt32(), answer.TryGetProperty("note", out _)));
        JsonElement copy = (await server.GetJsonAsync("/v1/messages?id=a%2Fb")).GetProperty("copies")[0];
        Assert.Equal(("1 + 1", "CHAT", 7, "2024-12-16T10:00:00Z"), (copy.GetProperty("value").GetString(), copy.GetProperty("channel").GetString(), copy.GetProperty("user_id").GetInt32(), copy.GetProperty("timestamp").GetString()));
    }

    [Fact]
    public async Task A_form_goes_through_a_mapping_once_under_its_key_and_packed_or_not()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.NewClient().SetMappingAsync("twilio", Mapping);
        (int Status, JsonElement Answer) first = await ServerUnderTest.JsonAsync(await server.PostAsync(Callback, "?mapping=twilio", Form, key: "k"));
        (int Status, JsonElement Answer) again = await ServerUnderTest.JsonAsync(await server.PostAsync(SendTests.Packed(Encoding.UTF8.GetBytes(Callback)), "?mapping=twilio", Form, key: "k", encoding: "gzip"));
        Assert.Equal((202, 1, 202, 0, 1), (first.Status, first.Answer.GetProperty("accepted").GetInt32(), again.Status, again.Answer.GetProperty("accepted").GetInt32(), again.Answer.GetProperty("duplicates").GetInt32()));
        await server.TotalAsync(1);
        JsonElement copy = Assert.Single((await server.GetJsonAsync("/v1/messages?id=SM1")).GetProperty("copies").EnumerateArray());
        Assert.Equal(("RECEIVED", "SMS", 7, "a b"), (copy.GetProperty("event_type").GetString(), copy.GetProperty("channel").GetString(), copy.GetProperty("user_id").GetInt32(), copy.GetProperty("value").GetString()));
        Assert.Equal(422, (int)(await server.PostAsync(Callback + "&x=y", "?mapping=twilio", Form, key: "k")).StatusCode);
    }

    [Fact]
    public async Task A_form_that_cannot_be_mapped_is_in_quarantine_as_the_record_that_it_was_read_as()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        await server.NewClient().SetMappingAsync("default", Mapping);
        (int status, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync("MessageSid=SM1&MessageStatus=bounced&q=%22ü%22", type: Form));
        Assert.Equal((202, 1, "wrong_type"), (status, answer.GetProperty("quarantined").GetInt32(), answer.GetProperty("errors")[0].GetProperty("code").GetString()));
        JsonElement record = (await server.GetJsonAsync("/v1/quarantine")).GetProperty("records")[0];
        Assert.Equal("""{"MessageSid":"SM1","MessageStatus":"bounced","q":"\"ü\""}""", record.GetProperty("raw").GetString());
        Assert.Equal(422, (int)(await server.PostAsync("MessageSid=SM1&MessageStatus=bounced", "?strict=true", Form)).StatusCode);
    }

    [Theory]
    [InlineData("a=%zz", 400, "bad-form", "the field \"a\" has \"%zz\"")]
    [InlineData("a=%FF", 400, "bad-form", "not UTF-8")]
    [InlineData(" \r\n", 400, "empty-body", "The body is empty")]
    [InlineData("{\"message_id\":\"a=b\"}", 415, "unsupported-media-type", "curl -d says so")]
    [InlineData("timestamp,message_id\n2024-12-16,a=b\n", 415, "unsupported-media-type", "is not a form")]
    public async Task What_is_not_a_form_is_refused_and_nothing_is_stored(string body, int expected, string problem, string detail)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        (int status, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync(body, type: Form));
        Assert.Equal((expected, $"urn:orleanslake:problem:{problem}"), (status, answer.GetProperty("type").GetString()));
        Assert.Contains(detail, answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await server.GetJsonAsync("/v1/quarantine")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_form_is_held_to_the_bounds_of_every_body()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Limits = new LakeServerLimits { BodyBytesMax = 1000, UnpackedBytesMax = 2000 });
        Assert.Equal(413, (int)(await server.PostAsync("a=" + new string('x', 1000), type: Form)).StatusCode);
        Assert.Equal(413, (int)(await server.PostAsync(SendTests.Packed(Encoding.UTF8.GetBytes("a=" + new string('x', 3000))), type: Form, encoding: "gzip")).StatusCode);

        // A control character has six in JSON.
        Assert.Equal(413, (int)(await server.PostAsync("a=" + new string('\u0001', 900), type: Form)).StatusCode);
        Assert.Equal(202, (int)(await server.PostAsync("a=" + new string('x', 900), type: Form)).StatusCode);
    }

    [Theory]
    [InlineData("https://elsewhere.example", null, 403)]
    [InlineData("null", null, 403)]
    [InlineData(null, "cross-site", 403)]
    [InlineData("https://friend.example", "cross-site", 202)]
    [InlineData(null, "same-origin", 202)]
    [InlineData("own", "same-origin", 202)]
    public async Task A_page_of_another_site_sends_no_form_unless_its_site_is_allowed(string? origin, string? fetch, int expected)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.AllowedOrigins.Add("https://friend.example"));
        foreach ((string type, string query, string body) in ((string, string, string)[])[(Form, "", "a=b"), ("text/plain", "?mapping=none", "{\"a\":\"b\"}")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages" + query) { Content = new StringContent(body, Encoding.UTF8, type) };
            request.Headers.TryAddWithoutValidation("Origin", origin == "own" ? server.Address.GetLeftPart(UriPartial.Authority) : origin);
            request.Headers.TryAddWithoutValidation("Sec-Fetch-Site", fetch);
            Assert.Equal((HttpStatusCode)expected, (await server.Http.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public async Task Text_is_json_where_a_mapping_is_named_as_sns_sends_it()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        string line = ServerUnderTest.Line("a");
        Assert.Equal(415, (int)(await server.PostAsync(line, type: "text/plain; charset=UTF-8")).StatusCode);
        (int status, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync(line, "?mapping=none", "text/plain; charset=UTF-8"));
        Assert.Equal((202, 1), (status, answer.GetProperty("accepted").GetInt32()));
        Assert.Equal(415, (int)(await server.PostAsync(line, "?mapping=none", "text/plain; charset=latin1")).StatusCode);
    }
}
