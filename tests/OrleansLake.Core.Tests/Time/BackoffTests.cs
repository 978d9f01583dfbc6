using OrleansLake.Core.Time;

namespace OrleansLake.Core.Tests.Time;

public class BackoffTests
{
    private static readonly Backoff Waits = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 100)]
    [InlineData(2, 200)]
    [InlineData(4, 800)]
    [InlineData(5, 1000)]
    [InlineData(100, 1000)]
    [InlineData(int.MaxValue, 1000)]
    public void Wait_doubles_with_each_failure_up_to_the_longest(int failures, int ms) => Assert.Equal(TimeSpan.FromMilliseconds(ms), Waits.After(failures));

    [Fact]
    public void Wait_is_never_longer_than_the_longest_even_at_first_and_however_long_that_is()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(3), new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(3)).After(1));
        Assert.Equal(TimeSpan.MaxValue - TimeSpan.MaxValue, new Backoff(TimeSpan.Zero, TimeSpan.MaxValue).After(7));
        Assert.Equal(TimeSpan.FromDays(8), new Backoff(TimeSpan.FromDays(1), TimeSpan.FromDays(9)).After(4));
    }

    [Fact]
    public void Those_who_failed_at_once_come_back_at_different_times_within_bounds()
    {
        TimeSpan[] waits = [.. Enumerable.Range(0, 200).Select(_ => Waits.AfterSpread(3))];
        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(600)));
        Assert.InRange(waits.Distinct().Count(), 100, 200);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.InRange(Waits.AfterSpread(9), TimeSpan.Zero, Waits.Max));
    }
}
