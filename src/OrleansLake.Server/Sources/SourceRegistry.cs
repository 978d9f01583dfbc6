using OrleansLake.Client;

namespace OrleansLake.Server.Sources;

/// <summary>The sources that this process reads.</summary>
internal sealed class SourceRegistry : ILakeSources
{
    private const int NameMax = 250;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, SourceHost> _sources = new(StringComparer.Ordinal);

    /// <summary>Adds a source.</summary>
    /// <exception cref="ServeSettingsException">There is one of its name, or nobody could call it by that.</exception>
    internal void Add(SourceHost source)
    {
        if (source.Name.Length is 0 or > NameMax || source.Name.Contains('/', StringComparison.Ordinal))
        {
            throw new ServeSettingsException($"'{source.Name}' cannot be a source's name: give it one of 1 to {NameMax} characters without '/'.");
        }

        lock (_gate)
        {
            if (!_sources.TryAdd(source.Name, source))
            {
                throw new ServeSettingsException($"Two sources are called {source.Name}: what is kept of one would be the other's. Give one of them another name.");
            }
        }
    }

    public Task<IReadOnlyList<SourceStatus>> GetSourcesAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<SourceStatus>>([.. _sources.Values.Select(static one => one.Status)]);
        }
    }

    public Task SetPausedAsync(string source, bool isPaused, CancellationToken cancellationToken = default) => Find(source).SetPausedAsync(isPaused, cancellationToken);

    public Task<IReadOnlyList<SourceMove>> SeekAsync(SourceSeek seek, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(seek);
        return Find(seek.Source).SeekAsync(seek, cancellationToken);
    }

    private SourceHost Find(string name)
    {
        lock (_gate)
        {
            return _sources.GetValueOrDefault(name) ?? throw new LakeClientException(
                LakeClientErrorKind.NotFound, $"There is no source {name}; {(_sources.Count == 0 ? "the lake reads none of topics" : $"there are {string.Join(", ", _sources.Keys)}")}.");
        }
    }
}
