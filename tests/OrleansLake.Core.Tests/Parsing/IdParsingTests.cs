using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Tests.Parsing;

/// <summary>Ids of lakes where they are not numbers of 32 bits.</summary>
public class IdParsingTests
{
    private static readonly IdTypes Texts = new(IdType.Text, IdType.Text);
    private static readonly IdTypes Numbers = new(IdType.Number64, IdType.Number32);

    [Theory]
    [InlineData("\"alice\"", "alice")]
    [InlineData("\"\"", "")]
    [InlineData("7", "7")]
    [InlineData("-123456789012345678901234567890", "-123456789012345678901234567890")]
    [InlineData("\"a\\u0062\"", "ab")]
    [InlineData("null", null)]
    public void A_text_is_taken_as_it_is_and_a_whole_number_as_its_digits(string json, string? expected) =>
        AssertUser(Texts, json, expected is null ? null : new IdValue(expected));

    [Theory]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("\"9007199254740993\"", 9007199254740993)]
    [InlineData("0", 0L)]
    public void A_number_of_64_bits_is_taken_as_a_number_and_as_text(string json, long expected) => AssertUser(Numbers, json, expected);

    [Theory]
    [InlineData("1.5", "user_id is 1.5, but text or a whole number is expected")]
    [InlineData("true", "user_id is true, but text or a whole number is expected")]
    public void What_is_no_text_is_rejected(string json, string detail) => Assert.Equal(detail, Rejected(Texts, json).Detail);

    [Theory]
    [InlineData("9223372036854775808", "user_id is 9223372036854775808, but a whole number from -9223372036854775808 to 9223372036854775807 is expected; a lake that is created with --user-id text takes it")]
    [InlineData("1e30", "user_id is 1e30, but a whole number from -9223372036854775808 to 9223372036854775807, without fraction or exponent, is expected")]
    [InlineData("0.5", "user_id is 0.5, but a whole number from -9223372036854775808 to 9223372036854775807, without fraction or exponent, is expected")]
    [InlineData("\"alice\"", "user_id is alice, but a whole number from -9223372036854775808 to 9223372036854775807, without fraction or exponent, is expected; a lake that is created with --user-id text takes it")]
    public void What_is_no_number_of_64_bits_is_rejected(string json, string detail) => Assert.Equal(detail, Rejected(Numbers, json).Detail);

    [Fact]
    public void A_number_that_is_too_large_for_32_bits_is_rejected_with_the_type_that_takes_it() => Assert.Equal(
        "user_id is 3000000000, but a whole number from -2147483648 to 2147483647 is expected; a lake that is created with --user-id int64 takes it",
        Rejected(IdTypes.Default, "3000000000").Detail);

    [Theory]
    [InlineData("user_id", "\"alice\"", "; a lake that is created with --user-id text takes it")]
    [InlineData("user_id", "\"3f2504e0-4f89-11d3-9a0c-0305e82c3301\"", "; a lake that is created with --user-id text takes it")]
    [InlineData("user_id", "\"5000000000\"", "; a lake that is created with --user-id int64 takes it")]
    [InlineData("user_id", "5000000000", "; a lake that is created with --user-id int64 takes it")]
    [InlineData("user_id", "-9223372036854775809", "; a lake that is created with --user-id text takes it")]
    [InlineData("country_id", "\"DE\"", "; a lake that is created with --country-id text takes it")]
    [InlineData("user_id", "\"7\"", " is expected")]
    [InlineData("user_id", "7.5", " is expected")]
    [InlineData("user_id", "true", " is expected")]
    [InlineData("user_id", "{\"id\":7}", " is expected")]
    [InlineData("country_id", "5000000000", " is expected")]
    [InlineData("user_id", "\"\"", " is expected")]
    public void What_a_default_lake_does_not_take_is_rejected_with_the_type_that_does(string field, string json, string end)
    {
        var rejections = new List<Rejection>();
        new NdjsonParser(LakeTimeZone.Utc).Parse(Encoding.UTF8.GetBytes($$"""{"{{field}}":{{json}},"timestamp":"2024-12-16T10:00:00Z","message_id":"a"}""" + "\n"), 1, 0, new MessageBatch(), rejections);
        Rejection rejection = Assert.Single(rejections);
        Assert.Equal(long.TryParse(json, out _) || json.StartsWith("-9", StringComparison.Ordinal) ? RejectionReason.NumberOutOfRange : RejectionReason.WrongType, rejection.Reason);
        Assert.EndsWith(end, rejection.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user_id", "007", "--user-id")]
    [InlineData("user_id", "-00", "--user-id")]
    [InlineData("country_id", "02000", "--country-id")]
    public void Zeros_that_a_number_begins_with_are_named_with_the_type_that_keeps_them(string field, string text, string option)
    {
        Assert.False(FieldText.TryReadInteger(field, Encoding.UTF8.GetBytes(text), out _, out FieldFault fault));
        Assert.Equal($"{field} is {text}, but a whole number from -2147483648 to 2147483647, without leading zeros, is expected; a lake that is created with {option} text keeps them", fault.Detail);
        Assert.Equal(RejectionReason.WrongType, fault.Reason);
    }

    [Fact]
    public void A_text_has_1024_bytes_at_most()
    {
        AssertUser(Texts, $"\"{new string('x', 1024)}\"", new IdValue(new string('x', 1024)));
        Assert.Equal("user_id has 1025 bytes, but at most 1024 are expected", Rejected(Texts, $"\"{new string('x', 1025)}\"").Detail);
    }

    [Fact]
    public void A_table_has_texts_and_nulls_apart()
    {
        byte[] text = Encoding.UTF8.GetBytes("message_id,timestamp,user_id,country_id\na,2024-12-16T10:00:00Z,\"\",\"D,E\"\nb,2024-12-16T10:00:00Z,,\nc,2024-12-16T10:00:00Z,007,DE\n");
        Assert.True(CsvParser.TryOpen(text, LakeTimeZone.Utc, (byte)',', null, out CsvParser? parser, out _, ids: Texts));
        var batch = new MessageBatch();
        var rejections = new List<Rejection>();
        parser.Parse(text.AsSpan(parser.HeaderBytes), 2, parser.HeaderBytes, batch, rejections);
        Assert.Empty(rejections);
        Assert.Equal([new IdValue(""), null, new IdValue("007")], Enumerable.Range(0, 3).Select(row => batch.UserIds[row]));
        Assert.Equal([new IdValue("D,E"), null, new IdValue("DE")], Enumerable.Range(0, 3).Select(row => batch.CountryIds[row]));
    }

    [Fact]
    public void Ids_are_in_the_order_of_their_numbers_or_their_bytes()
    {
        Assert.Equal([(IdValue)(-5L), 3L, long.MaxValue], new IdValue[] { 3L, long.MaxValue, -5L }.Order());
        Assert.Equal([new IdValue(""), new IdValue("a"), new IdValue("Ａ"), new IdValue("😀")], new IdValue[] { new("😀"), new("a"), new("Ａ"), new("") }.Order());
    }

    private static void AssertUser(IdTypes ids, string json, IdValue? expected)
    {
        // Behind it enough for the reader of usual lines to look at; and the one that reads everything.
        foreach (bool shortcuts in (bool[])[true, false])
        {
            var batch = new MessageBatch();
            var rejections = new List<Rejection>();
            byte[] line = Encoding.UTF8.GetBytes($$"""{"user_id":{{json}},"timestamp":"2024-12-16T10:00:00Z","message_id":"a","value":"{{new string('v', 80)}}"}""" + "\n");
            new NdjsonParser(LakeTimeZone.Utc, ids: ids) { TakesShortcuts = shortcuts }.Parse(line, 1, 0, batch, rejections);
            Assert.Empty(rejections);
            Assert.Equal(expected, batch.UserIds[0]);
        }
    }

    private static Rejection Rejected(IdTypes ids, string json)
    {
        var rejections = new List<Rejection>();
        byte[] line = Encoding.UTF8.GetBytes($$"""{"user_id":{{json}},"timestamp":"2024-12-16T10:00:00Z","message_id":"a"}""");
        var batch = new MessageBatch();
        new NdjsonParser(LakeTimeZone.Utc, ids: ids).Parse(line, 1, 0, batch, rejections);
        Assert.Equal(0, batch.Count);
        return Assert.Single(rejections);
    }
}
