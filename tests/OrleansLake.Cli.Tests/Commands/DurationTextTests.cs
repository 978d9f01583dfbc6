using OrleansLake.Cli.Commands;

namespace OrleansLake.Cli.Tests.Commands;

public class DurationTextTests
{
    [Theory]
    [InlineData("20s", 20_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("500ms", 500)]
    [InlineData("2h", 7_200_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("1d2h3m4s5ms", 93_784_005)]
    public void A_duration_is_read(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out TimeSpan value, out string? error), error);
        Assert.Null(error);
        Assert.Equal(milliseconds, value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("0s")]
    [InlineData("0m0s")]
    public void No_time_at_all_is_told_apart(string text)
    {
        Assert.False(DurationText.TryParse(text, out _, out string? error));
        Assert.Equal("expected a duration longer than 0, such as 500ms or 20s", error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("20")]
    [InlineData("s")]
    [InlineData("0s")]
    [InlineData("-5s")]
    [InlineData("30s1m")]
    [InlineData("1m1m")]
    [InlineData("1.2.3s")]
    [InlineData("1e3s")]
    [InlineData("20 s")]
    [InlineData("20S")]
    [InlineData("366d")]
    [InlineData("99999999999999999999999999999s")]
    [InlineData("0.0000001ms")]
    public void What_is_no_duration_is_refused_with_words(string text)
    {
        Assert.False(DurationText.TryParse(text, out _, out string? error));
        Assert.StartsWith("expected ", error, StringComparison.Ordinal);
    }
}
