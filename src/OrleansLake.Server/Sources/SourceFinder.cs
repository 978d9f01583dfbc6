using OrleansLake.Client;
using OrleansLake.Client.Embedded;

namespace OrleansLake.Server.Sources;

/// <summary>
/// Finds the partitions of a source that several processes share, and where those begin that the lake does not have. One call at a time; it waits in
/// its calls.
/// </summary>
internal sealed class SourceFinder(ITopicSource source, ITopicLake lake, LakeMetrics metrics, TimeProvider clock, ILogger<SourceRunner> logger) : IAsyncDisposable
{
    private readonly SourceStore _store = new(source.Mapping, lake, metrics, clock, logger);
    private readonly SemaphoreSlim _gate = new(1);
    private ITopicReader? _reader;
    private volatile string? _trouble;

    /// <summary>Gets what kept the partitions from being found when it was last tried; null if nothing did.</summary>
    internal string? Trouble => _trouble;

    /// <summary>Returns the partitions that there are now, and the positions of those among them that the lake does not have.</summary>
    /// <param name="decided">The positions that were decided before.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="SourceException">It cannot be read.</exception>
    internal Task<(IReadOnlyList<SourcePartition> All, IReadOnlyList<SourcePosition> New)> FindAsync(IReadOnlyList<SourcePosition> decided, CancellationToken stop) => AskAsync(async reader =>
    {
        IReadOnlyList<SourcePartition> all = await reader.FindPartitionsAsync(stop).ConfigureAwait(false);
        IReadOnlyList<TopicPosition> known = await lake.GetPositionsAsync(stop).ConfigureAwait(false);
        IReadOnlyList<TopicPosition> begun = [.. known, .. decided.Select(static one => new TopicPosition(one.Partition.Topic, one.Partition.Number, one.NextOffset))];
        var begin = new List<SourcePosition>();
        foreach (SourcePartition place in all.Where(place => TopicGenerations.NewestOf(known, place) is null))
        {
            begin.Add(new SourcePosition(place, TopicGenerations.NewestOf(begun, place)?.NextOffset
                ?? await reader.FindOffsetAsync(place, TopicGenerations.BeginOf(begun, place.Topic), stop).ConfigureAwait(false)));
        }

        return (all, (IReadOnlyList<SourcePosition>)begin);
    }, stop);

    /// <summary>Stores where a partition begins, for all who will read it.</summary>
    /// <returns>Whether it is known to be stored.</returns>
    internal bool Begin(SourcePosition at, CancellationToken stop) =>
        _store.StorePosition(new ReadPartition(at.Partition, at.Partition.Topic, at.NextOffset), at.NextOffset, stop);

    /// <summary>Returns the partitions that are to be read from another offset, each with it.</summary>
    /// <exception cref="LakeClientException">There is no such partition, or it has no such offset, or the broker does not say.</exception>
    internal Task<SourcePosition[]> PlanAsync(SourceSeek seek, CancellationToken stop) => AskAsync(async reader =>
    {
        try
        {
            return SeekPlan.Of(seek, await reader.FindPartitionsAsync(stop).ConfigureAwait(false), reader, stop);
        }
        catch (SourceException e)
        {
            throw new LakeClientException(LakeClientErrorKind.Unavailable, $"{source.Name} cannot be asked: {e.Message.TrimEnd('.')}.", e);
        }
    }, stop);

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        if (_reader is { } reader)
        {
            _reader = null;
            await reader.DisposeAsync().ConfigureAwait(false);
        }

        _gate.Dispose();
    }

    private async Task<T> AskAsync<T>(Func<ITopicReader, Task<T>> ask, CancellationToken stop)
    {
        await _gate.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            _trouble = null;
            _reader ??= await source.OpenAsync(await lake.GetPositionsAsync(stop).ConfigureAwait(false), reason => _trouble = reason, stop).ConfigureAwait(false);
            return await ask(_reader).ConfigureAwait(false);
        }
        catch (SourceException e)
        {
            _trouble = e.Message.TrimEnd('.');
            if (_reader is { } reader)
            {
                // Another one may reach it.
                _reader = null;
                await reader.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
        finally
        {
            _gate.Release();
        }
    }
}
