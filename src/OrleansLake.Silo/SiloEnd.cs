namespace OrleansLake.Silo;

/// <summary>
/// Lets the silo leave once requests in flight have been answered, and while the web server still listens: clients that come meanwhile are asked
/// to try again, and what was answered needed the silo's grains.
/// </summary>
internal sealed class SiloEnd(global::Orleans.Runtime.Silo silo, ISiloStatusOracle silos, StopSignals signals, ILoggerFactory loggers) : IHostedLifecycleService
{
    // From the signal on; requests in flight have up to 10 s of it.
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(20);

    // To hand its partitions over, in any case.
    private static readonly TimeSpan LeaveMin = TimeSpan.FromSeconds(10);

    // To end once its time is over.
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets a value indicating whether it is one of the cluster's silos.</summary>
    internal bool HasJoined => silos.CurrentStatus == SiloStatus.Active;

    /// <summary>Gets the task that ends when it did not leave in time.</summary>
    internal Task GivenUp => _givenUp.Task;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (!HasJoined)
        {
            return;
        }

        // The last one may have much to apply. Any other one has given its partitions to the others by then, which wait for what it still has.
        bool isLast = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.All(silos.SiloAddress.Equals);
        ILogger logger = loggers.CreateLogger(SiloNews.Category);
        SiloNews.LogStopping(logger, isLast ? "it is the only silo, and the next one gets its partitions" : "its partitions go to the others");
        TimeSpan left = StopMax - signals.Elapsed;
        TimeSpan leave = isLast && left > LeaveMin ? left : LeaveMin;
        using var enough = new CancellationTokenSource(leave);
        try
        {
            await silo.StopAsync(enough.Token).WaitAsync(leave + EndMax, CancellationToken.None);
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            SiloNews.LogLeft(logger);
            _givenUp.SetResult();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
