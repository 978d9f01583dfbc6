using System.Buffers;
using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Core.Tests.Parsing;

/// <summary>Forms as JSON objects.</summary>
public sealed class FormTextTests
{
    [Theory]
    [InlineData("MessageSid=SM1&To=%2B4917&Text=a+b%20c", """{"MessageSid":"SM1","To":"+4917","Text":"a b c"}""")]
    [InlineData("a=1&b=&c&=d&&e=f=g", """{"a":"1","b":"","c":"","":"d","e":"f=g"}""")]
    [InlineData("tag=x&id=7&tag=y&tag=", """{"tag":["x","y",""],"id":"7"}""")]
    [InlineData("user_id=7&country_id=-2001", """{"user_id":7,"country_id":-2001}""")]
    [InlineData("user_id=&country_id=007", """{"user_id":null,"country_id":"007"}""")]
    [InlineData("user_id=1&user_id=2", """{"user_id":["1","2"]}""")]
    [InlineData("na%C3%AFve=%E2%82%AC%22%0A\r\n", """{"naïve":"€\"\n"}""")]
    [InlineData("a=<b>'&%3c=1", """{"a":"<b>'","<":"1"}""")]
    public void A_form_is_a_json_object_of_texts(string form, string expected)
    {
        Assert.True(FormText.MayBe(Encoding.UTF8.GetBytes(form)));
        Assert.Equal((expected, null), Json(Encoding.UTF8.GetBytes(form)));
    }

    [Theory]
    [InlineData("a=1&b=%zz", "the field \"b\" has \"%zz\", where two hexadecimal digits are expected behind %; a % itself is written %25")]
    [InlineData("a=100%", "the field \"a\" has \"%\",")]
    [InlineData("a=%4", "the field \"a\" has \"%4\",")]
    [InlineData("%=1", "the field \"%\" has \"%\",")]
    [InlineData("name=caf%E9", "the field \"name\" is not UTF-8, which is expected: byte 0xE9 at position 3 starts no character")]
    public void What_cannot_be_decoded_is_named(string form, string expected)
    {
        (string json, string? error) = Json(Encoding.UTF8.GetBytes(form));
        Assert.Equal("", json);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_form_of_too_many_fields_is_refused()
    {
        string Form(int count) => string.Join('&', Enumerable.Range(0, count).Select(i => $"f={i}"));
        Assert.Null(Json(Encoding.UTF8.GetBytes(Form(1024))).Error);
        Assert.Equal("it has more than 1024 fields", Json(Encoding.UTF8.GetBytes(Form(1025))).Error);
    }

    [Theory]
    [InlineData("""{"a":"b=c"}""")]
    [InlineData("""  [{"a":"b=c"}]""")]
    [InlineData("timestamp,message_id")]
    [InlineData("a=1\nb=2")]
    [InlineData("")]
    public void What_is_not_a_form_is_recognised(string text) => Assert.False(FormText.MayBe(Encoding.UTF8.GetBytes(text)));

    [Property]
    public void Any_texts_come_back_as_they_were(KeyValuePair<string, string>[] fields)
    {
        (string Name, string Value)[] pairs = [.. fields.Select(static one => ("_" + Valid(one.Key), Valid(one.Value)))];
        (string json, string? error) = Json(Encoding.UTF8.GetBytes(string.Join('&', pairs.Select(static one => $"{Uri.EscapeDataString(one.Name)}={Uri.EscapeDataString(one.Value)}"))));
        Assert.Null(error);
        using JsonDocument read = JsonDocument.Parse(json);
        foreach (IGrouping<string, string> name in pairs.GroupBy(static one => one.Name, static one => one.Value))
        {
            JsonElement value = read.RootElement.GetProperty(name.Key);
            Assert.Equal(name, value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(static one => one.GetString()!) : [value.GetString()!]);
        }

        // Half a surrogate pair is in no UTF-8.
        static string Valid(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));
    }

    [Property]
    public void No_bytes_make_it_throw(byte[] bytes)
    {
        (string json, string? error) = Json(bytes);
        Assert.True(error is null ? JsonDocument.Parse(json) is not null : json.Length == 0);
    }

    private static (string Json, string? Error) Json(byte[] form)
    {
        var json = new ArrayBufferWriter<byte>();
        _ = FormText.TryWriteJson(form, json, out string? error);
        return (Encoding.UTF8.GetString(json.WrittenSpan), error);
    }
}
