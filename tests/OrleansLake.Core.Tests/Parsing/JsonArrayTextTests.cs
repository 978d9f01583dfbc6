using System.Text;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Core.Tests.Parsing;

public class JsonArrayTextTests
{
    [Theory]
    [InlineData("[]", "")]
    [InlineData(" [ ] \n", "")]
    [InlineData("""[{"a":"]"},2]""", """{"a":"]"}|2""")]
    [InlineData("""[ {"a":[1,2]} , {"b":"\",\\"} ]""", """{"a":[1,2]}|{"b":"\",\\"}""")]
    [InlineData("\uFEFF[1,\n 2\r\n]", "1|2")]
    [InlineData("[1,,oops,]", "1|oops")]
    [InlineData("[{},}]", "{}|}")]
    [InlineData("[{\"a\":1},\n]", "{\"a\":1}")]
    [InlineData("[{\"a\":1} {\"b\":[]}{\"c\":1}\n[2]]", "{\"a\":1}|{\"b\":[]}|{\"c\":1}|[2]")]
    [InlineData("[{\"a\":1} x, 2 3]", "{\"a\":1}|x|2 3")]
    [InlineData("[,{}]", "{}")]
    public void Elements_are_what_stands_between_the_commas_or_ends_with_its_bracket(string text, string elements)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var cut = new List<Range>();
        Assert.True(JsonArrayText.TryCut(bytes, cut));
        Assert.Equal(elements, string.Join('|', cut.Select(range => Encoding.UTF8.GetString(bytes.AsSpan(range)))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]\n[2]")]
    [InlineData("[1,2")]
    [InlineData("[\"1]")]
    [InlineData("[\"1\\")]
    [InlineData("[[1]")]
    [InlineData("[,]")]
    public void What_does_not_close_or_goes_on_is_no_array(string text) =>
        Assert.False(JsonArrayText.TryCut(Encoding.UTF8.GetBytes(text), []));
}
