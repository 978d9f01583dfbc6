using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Core.Time;

namespace OrleansLake.Server.Sources;

/// <summary>Reads a source on a thread of its own, and opens it again where that fails.</summary>
/// <param name="source">The source.</param>
/// <param name="lake">The lake.</param>
/// <param name="share">The partitions that are read here; null: all of them.</param>
/// <param name="metrics">Where lag and gaps are counted.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">Where what happens to it is logged.</param>
internal sealed class SourceRunner(ITopicSource source, ITopicLake lake, SourceShare? share, LakeMetrics metrics, TimeProvider clock, ILogger<SourceRunner> logger) : IDisposable
{
    private static readonly Backoff Rests = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

    // A thread that stores what was read may wait for the lake.
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly RepeatedLine _lost = new(clock);
    private volatile SourceReading? _reading;
    private volatile string? _trouble;
    private volatile bool _isPaused;
    private Task _running = Task.CompletedTask;

    /// <summary>Gets its status, of the partitions that are read here.</summary>
    internal SourceStatus Status => new(source.Name, _isPaused, _trouble, _reading?.Statuses() ?? []);

    /// <summary>Begins to read.</summary>
    /// <param name="isPaused">Whether it begins paused.</param>
    internal void Start(bool isPaused)
    {
        _isPaused = isPaused;
        if (isPaused)
        {
            logger.Paused(source.Name);
        }

        _running = Task.Factory.StartNew(() => Run(_stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Ends reading; positions that are known are stored.</summary>
    internal async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>Pauses it, or lets it go on.</summary>
    /// <exception cref="LakeClientException">It could not be done in time.</exception>
    internal async Task SetPausedAsync(bool isPaused, CancellationToken cancellationToken)
    {
        if (_isPaused == isPaused)
        {
            return;
        }

        _isPaused = isPaused;
        if (isPaused)
        {
            logger.Paused(source.Name);
        }
        else
        {
            logger.Resumed(source.Name);
        }

        if (_reading is { } reading)
        {
            await AnswerAsync(reading.PauseAsync(isPaused), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Has partitions read from another offset.</summary>
    /// <exception cref="LakeClientException">It cannot be done, and the message says why.</exception>
    internal async Task<IReadOnlyList<SourceMove>> SeekAsync(SourceSeek seek, CancellationToken cancellationToken) =>
        _reading is { } reading ? await AnswerAsync(reading.SeekAsync(seek), cancellationToken).ConfigureAwait(false)
            : throw new LakeClientException(LakeClientErrorKind.Unavailable, $"{source.Name} is not being read: {_trouble ?? "it is being opened"}.");

    /// <summary>Reads a partition no longer that its share no longer has, and stores what was read of it.</summary>
    /// <exception cref="LakeClientException">It could not be done in time.</exception>
    internal async Task ReleaseAsync(SourcePartition partition, CancellationToken cancellationToken)
    {
        try
        {
            await (_reading is { } reading ? AnswerAsync(reading.ReleaseAsync(partition), cancellationToken) : Task.CompletedTask).ConfigureAwait(false);
        }
        catch (LakeClientException) when (_stop.IsCancellationRequested)
        {
            // All of it ends, and so what was read is stored.
            await _running.ConfigureAwait(false);
        }
    }

    private void Run(CancellationToken stop)
    {
        var store = new SourceStore(source.Mapping, lake, metrics, clock, logger);
        for (int failures = 0; !stop.IsCancellationRequested;)
        {
            SourceReading? reading = null;
            try
            {
                ITopicReader reader = source.OpenAsync(store.PositionsAsync().GetAwaiter().GetResult(), Lost, stop).GetAwaiter().GetResult();
                _reading = reading = new SourceReading(source, reader, share, store, metrics, clock, logger, Lost, Well);
                reading.Run(_isPaused, stop);
            }
#pragma warning disable CA1031 // Brokers go and come back, and so does a lake; what is not stored is read again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (!stop.IsCancellationRequested)
                {
                    Lost(e.Message.Split('\n', '\r')[0].TrimEnd('.'));
                    failures = reading is { HasRead: true } ? 1 : failures + 1;
                    stop.WaitHandle.WaitOne(Rests.After(failures));
                }
            }
        }
    }

    private void Lost(string reason)
    {
        _trouble = reason;
        if (_lost.IsDue(reason))
        {
            logger.TopicsLost(source, reason);
        }
    }

    private void Well()
    {
        _trouble = null;
        _lost.Reset();
    }

    private async Task<T> AnswerAsync<T>(Task<T> wanted, CancellationToken cancellationToken)
    {
        try
        {
            return await wanted.WaitAsync(AnswerMax, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new LakeClientException(LakeClientErrorKind.Unavailable, $"{source.Name} has not done it yet: {_trouble ?? "it waits for the lake, which accepts none of its records"}. lake source list shows when it has.");
        }
        catch (SourceException e)
        {
            throw new LakeClientException(LakeClientErrorKind.Unavailable, $"{source.Name} cannot be asked: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
