using Microsoft.Extensions.Logging;
using OrleansLake.Storage.Lakes;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Grains;

/// <summary>
/// Watches whether the lake's folder is where and what it was: a share can be taken away under a silo, a file or folder of the lake removed,
/// and be brought back. It is looked for every second, and its going and coming are reported once. Of a lake in another store nothing is asked.
/// </summary>
public sealed partial class LakePresence : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly LocalStore? _store;
    private readonly LakeFolderWatch? _watch;
    private readonly ILogger<LakePresence> _logger;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile Exception? _lost;
    private Task _looking = Task.CompletedTask;

    /// <summary>Initializes the watch of a lake that is there.</summary>
    /// <param name="store">Its location.</param>
    /// <param name="logger">Gets its going and coming.</param>
    public LakePresence(ILakeStore store, ILogger<LakePresence> logger)
    {
        _store = store as LocalStore;
        _watch = _store is null ? null : new LakeFolderWatch(_store);
        _logger = logger;
    }

    /// <summary>Returns the reason why the lake is missing or not whole; null while it is neither.</summary>
    /// <param name="looks">Whether to look now, and not to say what was seen a moment ago.</param>
    public string? Outage(bool looks = false) => Lost(looks)?.Message;

    /// <summary>Returns the same as the exception that says so.</summary>
    /// <param name="looks">Whether to look now, and not to say what was seen a moment ago.</param>
    public Exception? Lost(bool looks = false)
    {
        if (looks && _watch is { } watch)
        {
            lock (_gate)
            {
                Exception? lost = watch.Look();
                if (lost?.Message != _lost?.Message)
                {
                    _lost = lost;
                    if (lost is null)
                    {
                        LogBack(_store!.Location);
                    }
                    else
                    {
                        LogGone(lost.Message);
                    }
                }
            }
        }

        return _lost;
    }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        observer.Subscribe(
            nameof(LakePresence), ServiceLifecycleStage.Active,
            _ =>
            {
                _looking = _store is null ? Task.CompletedTask : PollAsync();
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

    private async Task PollAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Outage(looks: true);
            await Task.Delay(PollInterval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Reason} Until then requests are answered with 503")]
    private partial void LogGone(string reason);

    [LoggerMessage(2, LogLevel.Warning, "the lake in {Location} is back, and it continues")]
    private partial void LogBack(string location);
}
