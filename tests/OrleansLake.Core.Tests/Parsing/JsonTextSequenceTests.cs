using System.Text;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Core.Tests.Parsing;

public class JsonTextSequenceTests
{
    [Theory]
    [InlineData("{\n \"a\": 1\n}", "{\n \"a\": 1\n}")]
    [InlineData("{\"a\":1}{\"b\":2}", "{\"a\":1}|{\"b\":2}")]
    [InlineData("{\"a\":1}\n{\n\"b\":[2,\n{}]}\r\n", "{\"a\":1}|{\n\"b\":[2,\n{}]}")]
    [InlineData("\uFEFF{\n}\n{}", "{\n}|{}")]
    [InlineData("{\"a\":\"}\\\"{\"} {}", "{\"a\":\"}\\\"{\"}|{}")]
    [InlineData("{\n} xyz, 5\n{}", "{\n}|xyz, 5|{}")]
    [InlineData("{\n},\n{}", "{\n}|{}")]
    [InlineData("[{\"a\":1}, {}] {}", "{\"a\":1}|{}|{}")]
    [InlineData("[1]\n[\n2,[3]]", "1|2|[3]")]
    [InlineData("{}}\n{\n}", "{}|}|{\n}")]
    [InlineData("{\"a\":1}[{\"b\":2},5] [6]", "{\"a\":1}|{\"b\":2}|5|[6]")]
    [InlineData("{}\n[\n{},\n{}\n]\n", "{}|{}|{}")]
    [InlineData("{\n}\n,\n[[{}]]", "{\n}|[[{}]]")]
    public void Texts_end_where_their_brackets_close(string text, string texts) => Assert.Equal(texts, Cut(text, out _));

    [Theory]
    [InlineData("{\"a\":1\n{\"b\":2}\n{\n}", "{\"a\":1|{\"b\":2}|{\n}")]
    [InlineData("{\"a\":\"x\n{\"b\":2}\n{\n}", "{\"a\":\"x|{\"b\":2}|{\n}")]
    [InlineData("{\n \"a\": \"x\n}\n{\n}", "{\n \"a\": \"x\n}|{\n}")]
    [InlineData("{\"a\":[\n{},\n{}", "{\"a\":[\n{},\n{}")]
    [InlineData("[{\"a\":1}, ", "[{\"a\":1},")]
    public void One_that_does_not_close_takes_none_of_the_next_with_it(string text, string texts) => Assert.Equal(texts, Cut(text, out _));

    [Theory]
    [InlineData("timestamp,message_id\n2024-12-16T10:00:00Z,m1\n")]
    [InlineData("\"timestamp\",\"message_id\"\r\n\"2024-12-16T10:00:00Z\",\"m1\"\r\n")]
    [InlineData("\uFEFFtimestamp;message_id\n2024;m1")]
    [InlineData("timestamp,value\n2024,{\"a\":1}\n2025,\"[1,2]\"\n")]
    [InlineData("1,m1\n\n2,m2\n")]
    [InlineData("not json,\nat all")]
    [InlineData("key: {value}\nother: [1, 2]\n")]
    public void Text_that_is_not_JSON_at_all_is_one_record(string text)
    {
        Assert.Equal(text.Trim('\uFEFF', '\r', '\n'), Cut(text, out bool isSequence));
        Assert.True(isSequence);
    }

    [Theory]
    [InlineData("a,b,c\n{}\n", "a,b,c|{}")]
    [InlineData("a,b\n{\n}\nc, \"d\"\n{}", "a,b|{\n}|c, \"d\"|{}")]
    public void What_stands_between_objects_is_a_record_a_line(string text, string texts) => Assert.Equal(texts, Cut(text, out _));

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("{}\n{}\n")]
    [InlineData("\n{}\r\n\r\nbad\n{}")]
    public void A_text_a_line_is_ndjson(string text)
    {
        Cut(text, out bool isSequence);
        Assert.False(isSequence);
    }

    [Fact]
    public async Task Every_byte_is_looked_at_once_whatever_does_not_close()
    {
        // Twenty seconds and more if each start looked to the end again.
        foreach (string piece in (string[])["{\n", "{", "[\n", "{\"", "{\"a\":[\n", "\"\n{", "{\"a\n"])
        {
            byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, 200_000)));
            await Task.Run(() => JsonTextSequence.TryCut(text, [])).WaitAsync(TimeSpan.FromSeconds(10));
        }
    }

    private static string Cut(string text, out bool isSequence)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var cut = new List<Range>();
        isSequence = JsonTextSequence.TryCut(bytes, cut);
        return string.Join('|', cut.Select(range => Encoding.UTF8.GetString(bytes.AsSpan(range))));
    }
}
