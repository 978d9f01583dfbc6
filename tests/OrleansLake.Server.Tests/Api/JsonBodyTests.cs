using System.Text.Json;

namespace OrleansLake.Server.Tests.Api;

public class JsonBodyTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static string One(string id) => ServerUnderTest.Line(id).Trim();

    private static string Printed(string id) => JsonSerializer.Serialize(JsonDocument.Parse(One(id)).RootElement, Indented);

    public static TheoryData<string, int, int[]> Bodies => new()
    {
        { Printed("a"), 1, [] },
        { Printed("a") + Printed("b"), 2, [] },
        { Printed("a") + "\r\n\r\n" + Printed("b") + "\n", 2, [] },
        { One("a") + "\n" + Printed("b") + "\n" + One("c"), 3, [] },
        { One("a") + One("b") + " " + One("c"), 3, [] },
        { One("a") + "\n\n" + One("b") + "\n", 2, [] },
        { One("a") + "\n\nbad\n" + One("b") + "\n", 2, [3] },
        { "\uFEFF" + Printed("a"), 1, [] },
        { Printed("a") + " xyz", 1, [2] },
        { Printed("a") + ",\n" + Printed("b"), 2, [] },
        { "{\"a\":1\n" + One("a") + "\n" + One("b"), 2, [1] },
        { "{\"a\":\"x\n" + One("a") + "\n" + One("b"), 2, [1] },
        { "[" + Printed("a") + "]", 1, [] },
        { "[" + Printed("a") + ", 5, " + One("b") + "] xyz", 2, [2, 4] },
        { "[" + One("a") + "\n," + One("b") + "\n] x", 2, [3] },
        { "[\n" + One("a") + ",\n" + One("b") + "\n", 0, [1] },
        { "[\nnull,\n" + Printed("a") + "\n]", 1, [1] },
        { "[1,2]\n" + One("a"), 1, [1, 2] },
        { "[]", 0, [] },
        { "[[" + One("a") + "]]", 0, [1] },
        { "[" + One("a"), 0, [1] },
        { "12", 0, [1] },
        { "null", 0, [1] },
        { "\"x\"", 0, [1] },
        { "timestamp,message_id\n2024-12-16T10:00:00Z,x\n", 0, [1] },
        { "a,b,c\n" + One("a") + "\n" + Printed("b"), 2, [1] },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_json_text_is_a_message_on_however_many_lines(string body, int accepted, int[] rejected)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        (int status, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync(body, type: "application/json", key: "k"));
        Assert.Equal((202, accepted), (status, answer.GetProperty("accepted").GetInt32()));
        Assert.Equal(rejected, answer.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("line").GetInt32()));

        (_, JsonElement again) = await ServerUnderTest.JsonAsync(await server.PostAsync(body, type: "application/json; charset=utf-8", key: "k"));
        Assert.Equal((0, accepted, rejected.Length), (again.GetProperty("accepted").GetInt32(), again.GetProperty("duplicates").GetInt32(), again.GetProperty("quarantined").GetInt32()));
    }

    [Fact]
    public async Task A_timestamp_that_is_not_read_is_told_to_its_sender_with_what_to_send()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        (_, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync("{\n\"timestamp\":1734343260,\n\"message_id\":\"z\"}", type: "application/json"));
        string told = answer.GetProperty("errors")[0].GetProperty("detail").GetString()!;
        Assert.EndsWith("; over HTTP send RFC 3339", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    [InlineData("\uFEFF")]
    public async Task A_body_of_nothing_is_refused_whatever_its_type_and_its_key_stays_free(string body)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write([.. System.Text.Encoding.UTF8.GetBytes(body), (byte)'\n']);
        }

        foreach (string type in (string[])["application/json", "application/x-ndjson", "application/jsonl", "application/x-ndjson; charset=utf-8", "application/vnd.x+json"])
        {
            foreach (HttpResponseMessage answer in (HttpResponseMessage[])[await server.PostAsync(body, type: type, key: "k"), await server.PostAsync(packed.ToArray(), type: type, key: "k", encoding: "gzip")])
            {
                (int status, JsonElement problem) = await ServerUnderTest.JsonAsync(answer);
                Assert.Equal((400, "urn:orleanslake:problem:empty-body"), (status, problem.GetProperty("type").GetString()));
            }
        }

        // Without a byte there is nothing to unpack, whether that is known before it comes or not.
        foreach (string encoding in (string[])["gzip", "X-GZIP", "identity"])
        {
            foreach ((string length, string chunks) in ((string, string)[])[("Content-Length: 0", ""), ("Transfer-Encoding: chunked", "0\r\n\r\n")])
            {
                string head = $"POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Encoding: {encoding}\r\n{length}\r\n\r\n";
                string answer = await RawRequest.SendAsync(server.Address, head, System.Text.Encoding.ASCII.GetBytes(chunks));
                Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
                Assert.Contains("empty-body", answer, StringComparison.Ordinal);
            }
        }

        (_, JsonElement stored) = await ServerUnderTest.JsonAsync(await server.PostAsync(ServerUnderTest.Line("a"), key: "k"));
        Assert.Equal(1, stored.GetProperty("accepted").GetInt32());
    }

    [Theory]
    [InlineData("application/x-ndjson", "{\n  \"message_id\": \"1\",\n  \"timestamp\": \"2024-12-16T10:00:00Z\"\n}\n", "JSON over several lines: send it as application/json")]
    [InlineData("application/x-ndjson", "[\n{\"message_id\":\"1\"},\n{\"message_id\":\"2\"\n", "JSON over several lines: send it as application/json")]
    [InlineData("application/x-ndjson", "Exported 1 row\n[\n{\n\"message_id\":\"1\"\n}\n]\n", "JSON over several lines: send it as application/json")]
    [InlineData("application/x-ndjson", "odd\n{\"message_id\":\"1\"}\n", null)]
    [InlineData("application/x-ndjson", "timestamp,message_id\n2024-12-16,1\n", "this looks like CSV: `lake ingest FILE` takes it")]
    [InlineData("application/x-ndjson", "timestamp;message_id\n2024-12-16;1\n", "this looks like CSV: `lake ingest FILE` takes it")]
    [InlineData("application/x-ndjson", "Dec 16 host: {\"timestamp\":\"2024-12-16T10:00:00Z\",\"message_id\":\"1\"}\n", null)]
    [InlineData("application/x-ndjson", "[{\"message_id\":\"1\"}]\n[{\"message_id\":\"2\"}]\n", null)]
    [InlineData("application/json", "timestamp\tmessage_id\n2024-12-16\t1\n", "this looks like CSV: `lake ingest FILE` takes it")]
    [InlineData("application/x-ndjson", "{\"message_id\":\"1\"}\n{\"message_id\":\"2\"}\n", null)]
    public async Task What_none_of_a_bodys_lines_is_is_told_once_with_the_way_out(string type, string body, string? note)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        (int status, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync(body, type: type));
        Assert.Equal((202, 0), (status, answer.GetProperty("accepted").GetInt32()));
        Assert.Equal(note, answer.TryGetProperty("note", out JsonElement told) ? told.GetString() : null);

        // In quarantine, where no note is.
        Assert.Equal(
            note is not null && note.Contains("CSV", StringComparison.Ordinal),
            answer.GetProperty("errors")[0].GetProperty("detail").GetString()!.EndsWith("; it looks like CSV, which `lake ingest FILE` reads", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[{\"a\":1},{\"b\":2}")]
    [InlineData(" [\n{\"a\":1},\n{\"b\":")]
    public async Task An_array_that_is_cut_off_is_told_as_such(string body)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        (_, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync(body, type: "application/json"));
        Assert.StartsWith("the array is cut off: its ] is missing", answer.GetProperty("errors")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"timestamp":"2024-12-16T10:00:00Z","message_id":"1","eventType":"SENT","Channel":"SMS"}""", "no event_type (it has eventType) or channel (it has Channel) in the first messages of the body")]
    [InlineData("""[{"timestamp":"2024-12-16T10:00:00Z","message_id":"1","event_type":"SENT","userId":7}]""", "no user_id (it has userId) in the first messages of the body")]
    [InlineData("""{"timestamp":"2024-12-16T10:00:00Z","message_id":"1","event_type":"SENT","colour":"red"}""", null)]
    [InlineData("""{"timestamp":"2024-12-16T10:00:00Z","message_id":"1"}""", null)]
    public async Task A_column_by_another_name_is_told_to_its_sender(string body, string? note)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        (int status, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync(body, type: "application/json"));
        Assert.Equal((202, 1), (status, answer.GetProperty("accepted").GetInt32()));
        Assert.Equal(note, answer.TryGetProperty("note", out JsonElement told) ? told.GetString() : null);
        (_, JsonElement usual) = await ServerUnderTest.JsonAsync(await server.PostAsync(One("a"), type: "application/json"));
        Assert.False(usual.TryGetProperty("note", out _));
    }

    [Theory]
    [InlineData("[{0},]", 1)]
    [InlineData("[{0} {1}]", 2)]
    [InlineData("[{0}\n{1},,\n]", 2)]
    public async Task Commas_of_an_array_may_be_too_many_or_too_few(string array, int accepted)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        string body = array.Replace("{0}", One("a"), StringComparison.Ordinal).Replace("{1}", One("b"), StringComparison.Ordinal);
        (_, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync(body, type: "application/json"));
        Assert.Equal((accepted, 0), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("quarantined").GetInt32()));
    }

    [Fact]
    public async Task A_line_of_ndjson_stays_a_record()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        (_, JsonElement answer) = await ServerUnderTest.JsonAsync(await server.PostAsync("{\n}\n" + One("c")));
        Assert.Equal((1, 2), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("quarantined").GetInt32()));
    }

    [Fact]
    public async Task Strict_holds_for_texts_too()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        (int status, JsonElement problem) = await ServerUnderTest.JsonAsync(await server.PostAsync(Printed("a") + "\n{\n}", "?strict=true", type: "application/json"));
        Assert.Equal((422, 2), (status, problem.GetProperty("errors")[0].GetProperty("line").GetInt32()));
        Assert.Equal(0, (await server.GetJsonAsync("/v1/ledger")).GetProperty("total").GetProperty("bronze").GetInt32());
    }
}
