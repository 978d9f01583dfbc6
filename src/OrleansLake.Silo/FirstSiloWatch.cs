using System.Net;

namespace OrleansLake.Silo;

/// <summary>Reports when the first silo of <see cref="ClusteringKind.Localhost"/> does not answer: it keeps the list, so no silo can be recorded as dead.</summary>
internal sealed partial class FirstSiloWatch(SiloSettings settings, ILogger<FirstSiloWatch> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    // Each check is a connection.
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(FirstSiloWatch), ServiceLifecycleStage.Active,
        _ =>
        {
            _watching = WatchAsync(_stop.Token);
            return Task.CompletedTask;
        },
        async _ =>
        {
            await _stop.CancelAsync();
            await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });

    public void Dispose() => _stop.Dispose();

    private async Task WatchAsync(CancellationToken stop)
    {
        var first = new IPEndPoint(IPAddress.Loopback, settings.Cluster.FirstPort);
        bool isSilent = false;
        int silences = 0;
        TimeSpan pause = settings.Cluster.ProbeEvery > PauseMin ? settings.Cluster.ProbeEvery : PauseMin;
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(pause, stop);
            string? reason = await PortCheck.SilenceAsync(first, stop);

            // Twice in a row: where all are stopped at once this one gets its signal in between.
            silences = reason is null ? 0 : silences + 1;
            if (silences == 2 && !isSilent)
            {
                isSilent = true;
                LogSilent(first.ToString(), reason!);
            }
            else if (reason is null && isSilent)
            {
                isSilent = false;
                LogAnswers(first.ToString());
            }
        }
    }

    [LoggerMessage(1, LogLevel.Error, "the first silo {Silo}, which keeps the list of silos, does not answer ({Reason}): start it again, and then the others")]
    private partial void LogSilent(string silo, string reason);

    [LoggerMessage(2, LogLevel.Information, "the first silo {Silo} answers again")]
    private partial void LogAnswers(string silo);
}
