using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Tests.Parsing;

public class JsonValueScannerTests
{
    [Theory]
    [InlineData("""{"a":1}{"b":2}""", new[] { """{"a":1}""", """{"b":2}""" })]
    [InlineData("{\"a\":1},\r\n{\"b\":\"}{\\\"\"} ,\n", new[] { """{"a":1}""", """{"b":"}{\""}""" })]
    [InlineData("\u001e{\"a\":1}\n\u001e{\"b\":\u001e{\"c\":3}\n", new[] { """{"a":1}""", "{\"b\":", """{"c":3}""" })]
    [InlineData("{\n \"a\": [\n {\"x\":1},\n {\"y\":2}\n ]\n}\n{\n}\n", new[] { "{\n \"a\": [\n {\"x\":1},\n {\"y\":2}\n ]\n}", "{\n}" })]
    [InlineData("\uFEFF{}\r{}", new[] { "{}", "{}" })]
    [InlineData("{\"a\":1,\n{\"b\":2}\n", new[] { "{\"a\":1,\n", """{"b":2}""" })]
    [InlineData("{\"a\":\"x},\n \"y\":1,\n{\"b\":2}\n", new[] { "{\"a\":\"x},\n \"y\":1,\n", """{"b":2}""" })]
    [InlineData("nonsense here, 42 {\"a\":1}", new[] { "nonsense here", "42 ", """{"a":1}""" })]
    [InlineData("\"x\\\"{\" null", new[] { "\"x\\\"{\"", "null" })]
    [InlineData("[{\"a\":1}]", new[] { """[{"a":1}]""" })]
    public void Values_end_where_their_brackets_do(string text, string[] expected) => Assert.Equal(expected, Cut(text, opensArrays: false));

    [Theory]
    [InlineData("[]", new string[0])]
    [InlineData(" [ {\"a\":1} , [2] ,\n]\n", new[] { """{"a":1}""", "[2]" })]
    [InlineData("[{\"a\":1}]\n[{\"b\":2},3]\n", new[] { """{"a":1}""", """{"b":2}""", "3" })]
    [InlineData("[{\"a\":1},\n{\"b\":2}", new[] { """{"a":1}""", """{"b":2}""" })]
    public void The_elements_of_arrays_are_values(string text, string[] expected) => Assert.Equal(expected, Cut(text, opensArrays: true));

    [Property(MaxTest = 1000)]
    public void Values_end_where_they_end_however_the_stream_is_cut(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        const string Bytes = "{}[]\"\\,: \n\u001ea1";
        byte[] stream = [.. Enumerable.Range(0, random.Next(80)).Select(_ => (byte)Bytes[random.Next(Bytes.Length)])];
        bool opensArrays = random.Next(2) == 0;
        var whole = new JsonValueScanner(opensArrays);
        var expected = new List<int>();
        for (int at = 0; whole.TryNext(stream.AsSpan(at), out _, out int end); at += end)
        {
            expected.Add(at + end);
        }

        var scanner = new JsonValueScanner(opensArrays);
        var found = new List<int>();
        for (int at = 0; at < stream.Length;)
        {
            int next = Math.Min(stream.Length, at + random.Next(1, 6));
            while (at < next && scanner.TryNext(stream.AsSpan(at..next), out _, out int end))
            {
                at += end;
                found.Add(at);
            }

            at = next;
        }

        Assert.Equal(expected, found);
        Assert.Equal((whole.HasBegun, whole.IsInArray), (scanner.HasBegun, scanner.IsInArray));
    }

    [Property(MaxTest = 300)]
    public void Every_dialect_gives_the_same_messages(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        var messages = new RandomMessages(random);
        Row[] expected = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => messages.Next())];
        string[] texts = [.. expected.Select(row => Written(messages.Json(row), random))];
        (string text, bool isArray) = Dialects.Write(texts, random);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var batch = new MessageBatch();
        var rejections = new List<Rejection>();
        ParseResult result = new NdjsonParser(LakeTimeZone.Utc).ParseValues(bytes, isArray, false, 1, 0, batch, rejections);
        Assert.Empty(rejections);
        Assert.Equal(expected, Row.Of(batch));
        Assert.Equal(new ParseResult(expected.Length, expected.Length, 0), result);
    }

    [Theory]
    [InlineData("{0}{0}", 2, 0)]
    [InlineData("{0} , {0},", 2, 0)]
    [InlineData("{0},", 1, 0)]
    [InlineData("\u001e{0}", 1, 0)]
    [InlineData("{0}\r{0}\r", 2, 0)]
    [InlineData("{0}{{}}{0}", 2, 1)]
    [InlineData("{0}{{\"timestamp\":\"20", 1, 1)]
    [InlineData("{0} and more", 0, 1)]
    [InlineData("[{0},{0}]", 2, 0)]
    [InlineData("{0}[{0},5] [{0}]", 3, 1)]
    [InlineData("[{0},{0}", 0, 1)]
    [InlineData("[{0}] and more", 0, 1)]
    [InlineData(" , ", 0, 0)]
    [InlineData("{{\"a\":1,{0}", 0, 1)]
    [InlineData("x{0}{0}", 0, 1)]
    public void A_line_of_several_objects_is_that_many_messages_and_nothing_else_is(string line, int accepted, int rejected)
    {
        const string Good = """{"timestamp":"2024-11-01T12:53:13Z","message_id":"a"}""";
        byte[] block = Encoding.UTF8.GetBytes($"{Good}\n{string.Format(System.Globalization.CultureInfo.InvariantCulture, line, Good)}\n{Good}\n");
        var batch = new MessageBatch();
        var rejections = new List<Rejection>();
        ParseResult result = new NdjsonParser(LakeTimeZone.Utc).Parse(block, 1, 0, batch, rejections);
        Assert.Equal(new ParseResult(3, accepted + 2, rejected), result);
        Assert.Equal(accepted + 2, batch.Count);
        Assert.All(rejections, r => Assert.Equal(2, r.Record));
        Assert.All(rejections, r => Assert.Equal(r.Raw, block.AsSpan((int)r.Position, r.Raw.Length).ToArray()));
    }

    private static string Written(string json, System.Random random)
    {
        if (random.Next(2) == 0)
        {
            return json;
        }

        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, Dialects.Indented);
    }

    private static string[] Cut(string text, bool opensArrays)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var scanner = new JsonValueScanner(opensArrays);
        var values = new List<string>();
        for (int at = 0; at < bytes.Length;)
        {
            bool isEnded = scanner.TryNext(bytes.AsSpan(at), out int start, out int end);
            if (start < 0)
            {
                break;
            }

            int next = isEnded ? at + end : bytes.Length;
            values.Add(Encoding.UTF8.GetString(bytes.AsSpan((at + start)..next)));
            at = next;
        }

        return [.. values];
    }
}
