using OrleansLake.Client;
using OrleansLake.Client.Embedded;

namespace OrleansLake.Server.Sources;

/// <summary>Reads all sources in this process, which has the lake.</summary>
internal sealed class LocalSources(IServiceProvider provider, SourceCatalog sources, ILakeClient client, LakeMetrics metrics, TimeProvider clock, ILogger<SourceRunner> logger) : ISourcePlacement, IDisposable
{
    private readonly SortedDictionary<string, SourceRunner> _running = new(StringComparer.Ordinal);

    private ISourceSettings Settings => provider.GetService<ISourceSettings>()
        ?? throw new ServeSettingsException($"{string.Join(", ", sources.Names)} cannot be read into a lake of other processes: sources are read by the process that has the lake, which AddOrleansLake() adds, or by silos with AddLakeConnectors().");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ITopicSource[] all = [.. sources.Names.Select(name => sources.Find(name)!)];
        ISourceSettings settings = Settings;
        foreach (ITopicSource source in all)
        {
            if (await SourceMapping.FaultAsync(client, source.Mapping, source, cancellationToken).ConfigureAwait(false) is { } fault)
            {
                throw new ServeSettingsException(fault);
            }
        }

        foreach (ITopicSource source in all)
        {
            var runner = new SourceRunner(source, provider.GetRequiredService<ITopicLake>(), null, metrics, clock, logger);
            runner.Start(await settings.IsPausedAsync(source.Name, cancellationToken).ConfigureAwait(false));
            lock (_running)
            {
                _running.Add(source.Name, runner);
            }
        }
    }

    public Task StopAsync() => Task.WhenAll(All.Select(static one => one.StopAsync()));

    public void Dispose() => Array.ForEach(All, static one => one.Dispose());

    public Task<IReadOnlyList<SourceStatus>> GetSourcesAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<SourceStatus>>([.. All.Select(static one => one.Status)]);

    public async Task SetPausedAsync(string source, bool isPaused, CancellationToken cancellationToken = default)
    {
        SourceRunner runner = Find(source);
        await Settings.SetPausedAsync(source, isPaused, cancellationToken).ConfigureAwait(false);
        await runner.SetPausedAsync(isPaused, cancellationToken).ConfigureAwait(false);
    }

    public Task<IReadOnlyList<SourceMove>> SeekAsync(SourceSeek seek, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(seek);
        return Find(seek.Source).SeekAsync(seek, cancellationToken);
    }

    private SourceRunner[] All
    {
        get
        {
            lock (_running)
            {
                return [.. _running.Values];
            }
        }
    }

    private SourceRunner Find(string name)
    {
        lock (_running)
        {
            return _running.GetValueOrDefault(name) ?? throw sources.Unknown(name);
        }
    }
}
