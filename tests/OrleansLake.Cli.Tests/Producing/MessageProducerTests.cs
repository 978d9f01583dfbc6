using OrleansLake.Cli.Producing;

namespace OrleansLake.Cli.Tests.Producing;

public class MessageProducerTests
{
    [Fact]
    public async Task At_a_rate_each_batch_is_a_ticks_share()
    {
        SteppingClock clock = new();
        CollectingSink sink = new();
        await RunAsync(sink, clock, new ProductionLimit(null, TimeSpan.FromSeconds(3.5), 100));
        Assert.Equal([100, 100, 100, 50], sink.Batches);
        Assert.Equal(4, clock.Elapsed.TotalSeconds);
    }

    [Fact]
    public async Task A_ticks_share_that_is_too_large_comes_in_parts()
    {
        CollectingSink sink = new() { BatchMax = 60 };
        await RunAsync(sink, new SteppingClock(), new ProductionLimit(150, null, 100));
        Assert.Equal([60, 40, 50], sink.Batches);
    }

    [Fact]
    public async Task A_slow_rate_makes_no_empty_batches()
    {
        CollectingSink sink = new() { BatchEvery = TimeSpan.FromMilliseconds(100) };
        await RunAsync(sink, new SteppingClock(), new ProductionLimit(2, null, 1));
        Assert.Equal([1, 1], sink.Batches);
    }

    [Fact]
    public async Task Without_a_rate_it_makes_the_count_and_stops()
    {
        CollectingSink sink = new();
        await RunAsync(sink, new SteppingClock(), new ProductionLimit(2_500, null, null));
        Assert.Equal([1_000, 1_000, 500], sink.Batches);
    }

    [Fact]
    public async Task It_stops_when_nobody_reads_any_more()
    {
        CollectingSink sink = new() { ClosedAfterBatches = 3 };
        await RunAsync(sink, new SteppingClock(), new ProductionLimit(null, null, null));
        Assert.Equal(3, sink.Batches.Count);
    }

    [Fact]
    public async Task It_stops_without_an_error_when_told_to()
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        CollectingSink sink = new();
        MessageProducer producer = new(new BenchProfile(1), sink, new SteppingClock());
        await producer.RunAsync(new ProductionLimit(null, null, 10), source.Token);
        Assert.Equal(0, producer.Produced);
    }

    private static Task RunAsync(CollectingSink sink, SteppingClock clock, ProductionLimit limit) =>
        new MessageProducer(new BenchProfile(1), sink, clock).RunAsync(limit, CancellationToken.None);
}
