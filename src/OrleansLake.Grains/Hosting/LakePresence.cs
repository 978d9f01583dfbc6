using Microsoft.Extensions.Logging;
using OrleansLake.Storage;

namespace OrleansLake.Grains;

/// <summary>
/// Watches whether the lake's folder is where it was: a share can be taken away under a silo, and be brought back. It is looked for
/// every second, and its going and coming are reported once. Of a lake in another store nothing is asked.
/// </summary>
public sealed partial class LakePresence : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly LocalStore? _store;
    private readonly ILogger<LakePresence> _logger;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile string? _outage;
    private Task _looking = Task.CompletedTask;

    /// <summary>Initializes the watch of a lake that is there.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="logger">Gets its going and coming.</param>
    public LakePresence(ILakeStore store, ILogger<LakePresence> logger)
    {
        _store = store as LocalStore;
        _logger = logger;
    }

    /// <summary>Returns the reason why the lake is missing; null while there is one.</summary>
    /// <param name="looks">Whether to look now, and not to say what was seen a moment ago.</param>
    public string? Outage(bool looks = false)
    {
        if (looks && _store is { } store)
        {
            lock (_gate)
            {
                string? outage = store.WhyGone();
                if (outage is null != _outage is null)
                {
                    _outage = outage;
                    if (outage is null)
                    {
                        LogBack(store.Location);
                    }
                    else
                    {
                        LogGone(outage);
                    }
                }
            }
        }

        return _outage;
    }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        observer.Subscribe(
            nameof(LakePresence), ServiceLifecycleStage.Active,
            _ =>
            {
                _looking = _store is null ? Task.CompletedTask : LookAsync();
                return Task.CompletedTask;
            },
            async _ =>
            {
                await _stop.CancelAsync();
                await _looking;
            });
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task LookAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Outage(looks: true);
            await Task.Delay(LookEvery, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Reason} Until then requests are answered with 503")]
    private partial void LogGone(string reason);

    [LoggerMessage(2, LogLevel.Warning, "the lake's folder {Location} is back, and it goes on")]
    private partial void LogBack(string location);
}
