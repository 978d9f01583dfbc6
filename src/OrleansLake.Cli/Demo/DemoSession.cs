using OrleansLake.Cli.Output;
using OrleansLake.Cli.Producing;
using OrleansLake.Cli.Results;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Demo;

/// <summary>Made-up messages into a lake that publishes by its trigger, to watch.</summary>
internal sealed class DemoSession(IDemoLake lake, string path, Terminal terminal, TimeProvider clock)
{
    private const int TodayRowsMax = 20;
    private readonly long _started = clock.GetTimestamp();

    /// <summary>Runs until the time is over or the token is cancelled; everything accepted is published when it ends.</summary>
    public async Task RunAsync(ProductionLimit limit, long? seed, CancellationToken cancellationToken)
    {
        long before = lake.Status.Accepted;
        MessageProducer producer = new(NotebookProfiles.Create(seed, limit, clock, before), lake.Sink, clock);
        using CancellationTokenSource stopProducing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource stopRunning = new();
        Task running = Task.Run(() => lake.RunAsync(stopRunning.Token), CancellationToken.None);
        Task producing = Task.Run(() => producer.RunAsync(limit, stopProducing.Token), CancellationToken.None);
        Task all = EndAsync(producing, running, stopProducing, stopRunning);
        await DemoView.ShowUntilAsync(all, () => Look(limit, seed is not null, before), terminal).ConfigureAwait(false);
        await all.ConfigureAwait(false);
    }

    // Whichever ends first ends the other: a lake that has failed must not be filled on.
    private static async Task EndAsync(Task producing, Task running, CancellationTokenSource stopProducing, CancellationTokenSource stopRunning)
    {
        await Task.WhenAny(producing, running).ConfigureAwait(false);
        await stopProducing.CancelAsync().ConfigureAwait(false);
        await producing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await stopRunning.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        await producing.ConfigureAwait(false);
    }

    private DemoFrame Look(ProductionLimit limit, bool isSeeded, long before)
    {
        LakeStatus status = lake.Status;
        TimeSpan elapsed = clock.GetElapsedTime(_started);
        TimeSpan whole = limit.For ?? (limit is { Count: { } count, Rate: { } rate } ? TimeSpan.FromSeconds((double)count / rate) : TimeSpan.MaxValue);
        double producingSeconds = Math.Max(0.001, Math.Min(elapsed.TotalSeconds, whole.TotalSeconds));
        int today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        return new DemoFrame
        {
            Lake = path,
            IsSeeded = isSeeded,
            Elapsed = elapsed,
            Whole = whole,
            Accepted = status.Accepted,
            Rate = (status.Accepted - before) / producingSeconds,
            Ledger = status.Ledger,
            Durable = status.Durable,
            Published = status.Published,
            CommitNumber = status.CommitNumber,
            CommitMs = status.CommitMs,
            Files = status.Files,
            Keys = status.Keys,
            Today = ReportText.OfDate(lake.Report1, today, TodayRowsMax),
        };
    }
}
