using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Tests.Output;

public class FiguresTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1.0 kB")]
    [InlineData(1_234_567, "1.2 MB")]
    [InlineData(999_999, "1.0 MB")]
    [InlineData(261_000_000, "261 MB")]
    public void Bytes_have_three_digits_or_so(long bytes, string expected) => Assert.Equal(expected, Figures.Bytes(bytes));

    [Theory]
    [InlineData(0, "0/s")]
    [InlineData(2.5, "2.5/s")]
    [InlineData(1_000, "1,000/s")]
    [InlineData(120_400, "120 k/s")]
    [InlineData(2_790_000, "2.79 M/s")]
    public void Rates_grow_units(double perSecond, string expected) => Assert.Equal(expected, Figures.Rate(perSecond));

    [Theory]
    [InlineData(400, "0.4 s")]
    [InlineData(12_000, "12 s")]
    [InlineData(187_000, "3:07")]
    [InlineData(3_723_000, "1:02:03")]
    [InlineData(90_000_000, "25:00:00")]
    public void Times_are_short(double milliseconds, string expected) =>
        Assert.Equal(expected, Figures.Time(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void One_is_singular()
    {
        Assert.Equal("1 message", Figures.Count(1, "message"));
        Assert.Equal("1,234 messages", Figures.Count(1234, "message"));
    }

    [Fact]
    public void A_share_of_nothing_is_no_number() => Assert.Equal("-", Figures.Share(0, 0));
}
