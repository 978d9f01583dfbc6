using System.Collections.Concurrent;

namespace OrleansLake.Silo;

/// <summary>Logs a line each when other silos join, leave or die.</summary>
internal sealed partial class MembershipNews(ISiloStatusOracle silos, ILogger<MembershipNews> logger) : ILifecycleParticipant<ISiloLifecycle>, ISiloStatusListener
{
    private readonly ConcurrentDictionary<SiloAddress, SiloStatus> _told = new();

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(MembershipNews), ServiceLifecycleStage.Active,
        _ =>
        {
            silos.SubscribeToSiloStatusEvents(this);
            foreach ((SiloAddress silo, SiloStatus status) in silos.GetApproximateSiloStatuses(onlyActive: true))
            {
                SiloStatusChangeNotification(silo, status);
            }

            return Task.CompletedTask;
        },
        _ =>
        {
            silos.UnSubscribeFromSiloStatusEvents(this);
            return Task.CompletedTask;
        });

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (updatedSilo.Equals(silos.SiloAddress) || (_told.TryGetValue(updatedSilo, out SiloStatus told) && told == status))
        {
            return;
        }

        bool wasKnown = _told.TryRemove(updatedSilo, out SiloStatus before);
        _told[updatedSilo] = status;
        string name = updatedSilo.Endpoint.ToString();
        switch (status)
        {
            case SiloStatus.Active:
                LogJoined(name);
                break;
            case SiloStatus.ShuttingDown or SiloStatus.Stopping when before == SiloStatus.Active:
                LogDrains(name);
                break;
            case SiloStatus.Dead when before == SiloStatus.Active:
                LogDied(name);
                break;
            case SiloStatus.Dead when wasKnown:
                LogLeft(name);
                break;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "the silo {Silo} is there")]
    private partial void LogJoined(string silo);

    [LoggerMessage(2, LogLevel.Information, "the silo {Silo} stops, and hands its partitions over")]
    private partial void LogDrains(string silo);

    [LoggerMessage(3, LogLevel.Warning, "the silo {Silo} no longer answers and counts as dead; the others open its partitions")]
    private partial void LogDied(string silo);

    [LoggerMessage(4, LogLevel.Information, "the silo {Silo} has left")]
    private partial void LogLeft(string silo);
}
