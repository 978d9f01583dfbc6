using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Core.Time;

namespace OrleansLake.Server.Sources;

/// <summary>Reads a source on a thread of its own, and opens it again where that fails.</summary>
internal sealed class SourceHost(
    ITopicSource source, ITopicLake lake, ISourceSettings settings, ILakeClient client, SourceRegistry registry, LakeMetrics metrics, TimeProvider clock, ILogger<SourceHost> logger) : BackgroundService
{
    private static readonly Backoff Rests = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));

    // A thread that stores what was read may wait for the lake.
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);

    private readonly RepeatedLine _lost = new(clock);
    private volatile SourceReading? _reading;
    private volatile string? _trouble;
    private volatile bool _isPaused;

    internal string Name => source.Name;

    /// <inheritdoc/>
    /// <exception cref="ServeSettingsException">The lake has no mapping of the name that the source gives, or another source of its name.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await SourceMapping.FaultAsync(client, source.Mapping, source, cancellationToken).ConfigureAwait(false) is { } fault)
        {
            throw new ServeSettingsException(fault);
        }

        registry.Add(this);
        _isPaused = await settings.IsPausedAsync(Name, cancellationToken).ConfigureAwait(false);
        if (_isPaused)
        {
            logger.Paused(Name);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gets its status.</summary>
    internal SourceStatus Status => new(Name, _isPaused, _trouble, _reading?.Statuses() ?? []);

    /// <summary>Pauses it, or lets it go on; durable before it ends.</summary>
    internal async Task SetPausedAsync(bool isPaused, CancellationToken cancellationToken)
    {
        await settings.SetPausedAsync(Name, isPaused, cancellationToken).ConfigureAwait(false);
        if (_isPaused == isPaused)
        {
            return;
        }

        _isPaused = isPaused;
        if (isPaused)
        {
            logger.Paused(Name);
        }
        else
        {
            logger.Resumed(Name);
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
            : throw new LakeClientException(LakeClientErrorKind.Unavailable, $"{Name} is not being read: {_trouble ?? "it is being opened"}.");

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stop)
    {
        var store = new SourceStore(source.Mapping, lake, metrics, clock, logger);
        for (int failures = 0; !stop.IsCancellationRequested;)
        {
            SourceReading? reading = null;
            try
            {
                ITopicReader reader = source.OpenAsync(store.PositionsAsync().GetAwaiter().GetResult(), Lost, stop).GetAwaiter().GetResult();
                _reading = reading = new SourceReading(source, reader, store, metrics, clock, logger, Lost, Well);
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
            throw new LakeClientException(LakeClientErrorKind.Unavailable, $"{Name} has not done it yet: {_trouble ?? "it waits for the lake, which accepts none of its records"}. lake source list shows when it has.");
        }
        catch (SourceException e)
        {
            throw new LakeClientException(LakeClientErrorKind.Unavailable, $"{Name} cannot be asked: {e.Message.TrimEnd('.')}.", e);
        }
    }
}
