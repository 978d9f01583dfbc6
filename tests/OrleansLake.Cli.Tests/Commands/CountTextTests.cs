using OrleansLake.Cli.Commands;

namespace OrleansLake.Cli.Tests.Commands;

public class CountTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("5000", 5_000)]
    [InlineData("5_000", 5_000)]
    [InlineData("20k", 20_000)]
    [InlineData("1.5M", 1_500_000)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void A_count_is_read(string text, long expected)
    {
        Assert.True(CountText.TryParse(text, 0, out long value, out _));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("k")]
    [InlineData("-1")]
    [InlineData("0.5")]
    [InlineData("1.0005k")]
    [InlineData("many")]
    [InlineData("9223372036854775808")]
    [InlineData("10000000000000M")]
    public void What_is_no_count_is_refused(string text)
    {
        Assert.False(CountText.TryParse(text, 0, out _, out string? error));
        Assert.NotNull(error);
    }

    [Fact]
    public void A_count_below_the_least_is_refused() => Assert.False(CountText.TryParse("0", 1, out _, out _));
}
