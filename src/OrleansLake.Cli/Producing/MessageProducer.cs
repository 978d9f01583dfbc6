using OrleansLake.Core.Messages;

namespace OrleansLake.Cli.Producing;

/// <summary>
/// Makes messages and hands them to a sink, at a rate or as fast as it goes. Where batches end follows from the
/// rate and the sink alone, never from how late a timer was: the same seed gives the same files.
/// </summary>
internal sealed class MessageProducer(IMessageProfile profile, IMessageSink sink, TimeProvider clock)
{
    private readonly long _started = clock.GetTimestamp();
    private long _produced;

    /// <summary>Gets the number of messages handed over. May be read from any thread.</summary>
    public long Produced => Volatile.Read(ref _produced);

    /// <summary>Produces until the limit is reached, the sink is closed or the token is cancelled (which is not an error).</summary>
    public async Task RunAsync(ProductionLimit limit, CancellationToken cancellationToken)
    {
        try
        {
            if (limit.Rate is { } rate)
            {
                await RunAtRateAsync(rate, limit.CountAtRate(rate), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await RunFreelyAsync(limit, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private async Task RunAtRateAsync(long rate, long count, CancellationToken cancellationToken)
    {
        for (long tick = 1; Produced < count && !sink.IsClosed; tick++)
        {
            TimeSpan due = sink.BatchEvery * tick;
            long target = (long)Math.Min(count, (decimal)due.Ticks * rate / TimeSpan.TicksPerSecond);
            TimeSpan early = due - clock.GetElapsedTime(_started);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, clock, cancellationToken).ConfigureAwait(false);
            }

            while (Produced < target)
            {
                await WriteAsync(target - Produced, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task RunFreelyAsync(ProductionLimit limit, CancellationToken cancellationToken)
    {
        long count = limit.Count ?? long.MaxValue;
        while (Produced < count && !sink.IsClosed && (limit.For is not { } time || clock.GetElapsedTime(_started) < time))
        {
            await WriteAsync(count - Produced, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(long wanted, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int count = (int)Math.Min(wanted, sink.BatchMax);
        MessageBatch batch = new();
        profile.Fill(batch, _produced, count);
        await sink.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _produced, _produced + count);
    }
}
