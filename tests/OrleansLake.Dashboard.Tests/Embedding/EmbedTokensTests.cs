using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansLake.Client;
using OrleansLake.Server;

namespace OrleansLake.Dashboard.Tests.Embedding;

public sealed class EmbedTokensTests
{
    private static readonly EmbedKey Key = EmbedKey.Create("site");
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_token_says_what_was_signed()
    {
        var token = new EmbedToken
        {
            KeyId = "site",
            ExpiresAt = Now.AddMinutes(5),
            Subject = "customer 42",
            Reports = new Dictionary<string, ReportFilter>
            {
                ["report1"] = new() { Channels = ["EMAIL", "SMS"], From = new DateOnly(2026, 11, 1), To = new DateOnly(2026, 11, 30) },
                ["report2"] = new() { Users = [1001, -7], Top = 10 },
            },
        };

        Assert.Equal(EmbedTokenFailure.None, Tokens().TryRead(Tokens().Write(token), out EmbedToken? read));

        Assert.Equal(token.ExpiresAt, read!.ExpiresAt);
        Assert.Equal("customer 42", read.Subject);
        Assert.Equal(["report1", "report2"], read.Reports.Keys);
        Assert.Equal(["EMAIL", "SMS"], read.Reports["report1"].Channels);
        Assert.Equal(new DateOnly(2026, 11, 30), read.Reports["report1"].To);
        Assert.Equal([1001, -7], read.Reports["report2"].Users);
        Assert.Equal(10, read.Reports["report2"].Top);
    }

    [Theory]
    [InlineData("""{"reports":{"report1":{}},"exp":EXP}""", EmbedTokenFailure.None)]
    [InlineData("""{"reports":{"report1":{"channel":"EMAIL"}},"exp":EXP.5,"iss":"anybody","aud":["x","orleans-lake"]}""", EmbedTokenFailure.None)]
    [InlineData("""{"reports":{"report1":{"date":"2026-11-23"}},"exp":EXP}""", EmbedTokenFailure.None)]
    [InlineData("""{"reports":{"report1":{}}}""", EmbedTokenFailure.LastsTooLong)]
    [InlineData("""{"reports":{"report1":{}},"exp":"EXP"}""", EmbedTokenFailure.LastsTooLong)]
    [InlineData("""{"reports":{"report1":{}},"exp":1}""", EmbedTokenFailure.Expired)]
    [InlineData("""{"reports":{"report1":{}},"exp":99999999999}""", EmbedTokenFailure.LastsTooLong)]
    [InlineData("""{"reports":{"report1":{}},"exp":EXP,"nbf":EXP}""", EmbedTokenFailure.NotYetValid)]
    [InlineData("""{"reports":{"report1":{}},"exp":EXP,"aud":"another-service"}""", EmbedTokenFailure.UnreadableClaims)]
    [InlineData("""{"exp":EXP}""", EmbedTokenFailure.UnreadableClaims)]
    [InlineData("""{"reports":{},"exp":EXP}""", EmbedTokenFailure.UnreadableClaims)]
    [InlineData("""{"reports":{"report3":{}},"exp":EXP}""", EmbedTokenFailure.UnreadableClaims)]
    [InlineData("""{"reports":{"report1":{"channels":["EMAIL"]}},"exp":EXP}""", EmbedTokenFailure.UnreadableClaims)]
    [InlineData("""{"reports":{"report1":{"channel":[]}},"exp":EXP}""", EmbedTokenFailure.UnreadableClaims)]
    [InlineData("""{"reports":{"report1":{"channel":[null]}},"exp":EXP}""", EmbedTokenFailure.UnreadableClaims)]
    [InlineData("""{"reports":{"report1":{"channel":"EMAIL","channel":"SMS"}},"exp":EXP}""", EmbedTokenFailure.Malformed)]
    [InlineData("""{"reports":{"report1":{"channel":"\ud800"}},"exp":EXP}""", EmbedTokenFailure.Malformed)]
    [InlineData("""{"reports":{"report1":{"date":"2026-11-23","from":"2026-01-01"}},"exp":EXP}""", EmbedTokenFailure.UnreadableClaims)]
    [InlineData("""{"reports":{"report1":{"from":"23.11.2026"}},"exp":EXP}""", EmbedTokenFailure.UnreadableClaims)]
    [InlineData("""{"reports":{"report2":{"channel":["EMAIL"]}},"exp":EXP}""", EmbedTokenFailure.UnreadableClaims)]
    [InlineData("""{"reports":{"report2":{"top":0}},"exp":EXP}""", EmbedTokenFailure.UnreadableClaims)]
    [InlineData("""{"reports":{"report1":null},"exp":EXP}""", EmbedTokenFailure.UnreadableClaims)]
    [InlineData("""{"reports":["report1"],"exp":EXP}""", EmbedTokenFailure.UnreadableClaims)]
    [InlineData("""["report1"]""", EmbedTokenFailure.Malformed)]
    [InlineData("""{"reports":""", EmbedTokenFailure.Malformed)]
    public void What_is_not_understood_opens_nothing(string payload, EmbedTokenFailure expected)
    {
        string text = Signed("""{"alg":"HS256","kid":"site"}""", payload.Replace("EXP", Now.AddMinutes(5).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        Assert.Equal(expected, Tokens().TryRead(text, out _));
    }

    [Theory]
    [InlineData("""{"reports":{"report1":{}}}""", "'exp' is missing")]
    [InlineData("""{"reports":{"report1":{}},"exp":EXP000}""", "'exp' is not a number of seconds")]
    [InlineData("""{"reports":{"report1":{}},"exp":1}""", "It has expired: its 'exp' is 1970-01-01T00:00:01Z")]
    [InlineData("""{"reports":{"report1":{}},"exp":99999999999}""", "at most")]
    [InlineData("""{"reports":{"report1":{}},"exp":EXP,"nbf":EXP}""", "It begins later")]
    [InlineData("""{"reports":{"report1":{}},"exp":EXP,"aud":"another-service"}""", "'aud' is there")]
    [InlineData("""{"exp":EXP}""", "'reports' is missing")]
    [InlineData("""{"reports":{},"exp":EXP}""", "names no report")]
    [InlineData("""{"reports":{"report9":{}},"exp":EXP}""", "'report9'")]
    [InlineData("""{"reports":{"report1":{"chanel":"EMAIL"}},"exp":EXP}""", "This lock cannot be read: 'chanel'")]
    [InlineData("""{"reports":{"report1":{"channel":[]}},"exp":EXP}""", "This lock cannot be read: 'channel'")]
    [InlineData("""{"reports":{"report1":{"chanel":"EMAIL"}},"exp":EXP}""", "There are 'date', 'from', 'to', 'channel', 'user' and 'top'")]
    [InlineData("""{"reports":{"report1":{"channel":"EMAIL,SMS"}},"exp":EXP}""", "\"channel\":[\"EMAIL\",\"SMS\"]")]
    [InlineData("""{"reports":{"report1":{"channel":[5]}},"exp":EXP}""", "or an array of them")]
    [InlineData("""{"reports":{"report1":{"from":"today"}},"exp":EXP}""", "\"from\":\"2024-12-01\"")]
    [InlineData("""{"reports":{"report1":{"date":"2024-12-01","to":"2024-12-02"}},"exp":EXP}""", "Beside 'date'")]
    [InlineData("""{"reports":{"report1":{"from":"2024-12-03","to":"2024-12-02"}},"exp":EXP}""", "'from' is after 'to'")]
    [InlineData("""{"reports":{"report2":{"top":"3"}},"exp":EXP}""", "\"top\":10")]
    [InlineData("""{"reports":{"report2":{"user":"7"}},"exp":EXP}""", "\"user\":[1001,1002]")]
    [InlineData("""{"reports":{"report2":{"channel":["EMAIL"]}},"exp":EXP}""", "report2 has no rows by channel")]
    [InlineData("""["report1"]""", "not a JSON object")]
    public void What_is_wrong_is_told_to_who_can_sign_and_to_nobody_else(string payload, string named)
    {
        string said = payload.Replace("EXP", Now.AddMinutes(5).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        string text = Signed("""{"alg":"HS256","kid":"site"}""", said);
        Assert.Contains(named, Tokens().ProblemOf(text), StringComparison.Ordinal);
        string[] parts = text.Split('.');
        Assert.Null(Tokens().ProblemOf($"{parts[0]}.{parts[1]}.{(parts[2][0] == 'A' ? 'B' : 'A')}{parts[2][1..]}"));
        Assert.Null(Tokens().ProblemOf($"{parts[0]}.{parts[1]}."));
    }

    [Fact]
    public void A_channel_with_a_comma_in_its_name_stands_in_an_array()
    {
        string text = Signed("""{"alg":"HS256","kid":"site"}""", $$$"""{"reports":{"report1":{"channel":["A,B"]}},"exp":{{{Now.AddMinutes(5).ToUnixTimeSeconds()}}}}""");
        Assert.Equal(EmbedTokenFailure.None, Tokens().TryRead(text, out EmbedToken? token));
        Assert.Equal(["A,B"], token!.Reports["report1"].Channels!);
    }

    [Theory]
    [InlineData("""{"alg":"none","kid":"site"}""", EmbedTokenFailure.Malformed)]
    [InlineData("""{"alg":"HS512","kid":"site"}""", EmbedTokenFailure.Malformed)]
    [InlineData("""{"alg":"RS256","kid":"site"}""", EmbedTokenFailure.Malformed)]
    [InlineData("""{"alg":"HS256"}""", EmbedTokenFailure.Malformed)]
    [InlineData("""{"alg":"HS256","kid":7}""", EmbedTokenFailure.Malformed)]
    [InlineData("""{"alg":"HS256","kid":"site","crit":["exp"]}""", EmbedTokenFailure.Malformed)]
    [InlineData("""{"alg":"HS256","kid":"other"}""", EmbedTokenFailure.UnknownKey)]
    public void Only_HS256_with_a_known_key_is_taken(string header, EmbedTokenFailure expected)
    {
        Assert.Equal(expected, Tokens().TryRead(Signed(header, Good), out _));
    }

    [Fact]
    public void A_changed_or_unsigned_token_is_refused_wherever_it_is_changed()
    {
        string text = Signed("""{"alg":"HS256","kid":"site"}""", Good);
        Assert.Equal(EmbedTokenFailure.None, Tokens().TryRead(text, out _));
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int i = 0; i < text.Length; i++)
        {
            foreach (char replaced in (char[])[Alphabet[(Alphabet.IndexOf(text[i], StringComparison.Ordinal) + 1) % 64], Alphabet[(Alphabet.IndexOf(text[i], StringComparison.Ordinal) + 32) % 64], '.', '='])
            {
                if (replaced != text[i])
                {
                    Assert.NotEqual(EmbedTokenFailure.None, Tokens().TryRead($"{text[..i]}{replaced}{text[(i + 1)..]}", out _));
                }
            }
        }

        Assert.NotEqual(EmbedTokenFailure.None, Tokens().TryRead(text[..(text.LastIndexOf('.') + 1)], out _));
        Assert.NotEqual(EmbedTokenFailure.None, Tokens().TryRead(new string('a', 100_000), out _));
        Assert.NotEqual(EmbedTokenFailure.None, Tokens().TryRead("", out _));
    }

    [Fact]
    public void A_key_that_is_too_short_is_no_key()
    {
        Assert.Throws<ArgumentException>(() => new EmbedTokens([new EmbedKey("site", "c2hvcnQ")], TimeSpan.FromHours(1), TimeProvider.System));
        Assert.Throws<ArgumentException>(() => new EmbedTokens([Key, Key], TimeSpan.FromHours(1), TimeProvider.System));
        Assert.DoesNotContain(Key.Secret, Key.ToString(), StringComparison.Ordinal);
    }

    private static string Good { get; } = string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{{\"reports\":{{\"report1\":{{}}}},\"exp\":{Now.AddMinutes(5).ToUnixTimeSeconds()}}}");

    private static EmbedTokens Tokens() => new([Key], TimeSpan.FromHours(24), new StoppedClock(Now));

    private static string Signed(string header, string payload)
    {
        string signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Base64Url.DecodeFromChars(Key.Secret), Encoding.ASCII.GetBytes(signed)))}";
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
