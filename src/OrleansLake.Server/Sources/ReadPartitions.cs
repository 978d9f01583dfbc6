using OrleansLake.Client;
using OrleansLake.Client.Embedded;

namespace OrleansLake.Server.Sources;

/// <summary>The partitions that a thread reads. That thread alone changes them; <see cref="All"/> and what is made of it may be asked for by any.</summary>
internal sealed class ReadPartitions(TimeProvider clock)
{
    private readonly Dictionary<SourcePartition, ReadPartition> _byPlace = [];
    private volatile ReadPartition[] _all = [];

    // Records of one partition come one after the other.
    private ReadPartition? _last;

    /// <summary>Gets all of them.</summary>
    internal ReadPartition[] All => _all;

    /// <summary>Gets where they are.</summary>
    internal IReadOnlyCollection<SourcePartition> Places => _byPlace.Keys;

    /// <summary>Returns the status of each, in order.</summary>
    internal IReadOnlyList<SourcePartitionStatus> Statuses()
    {
        DateTimeOffset now = clock.GetUtcNow();
        return [.. _all.Select(one => one.StatusAt(now)).OrderBy(static one => one.Topic, StringComparer.Ordinal).ThenBy(static one => one.Number)];
    }

    /// <summary>Returns how far each is behind.</summary>
    internal IEnumerable<SourceLag> Lags()
    {
        DateTimeOffset now = clock.GetUtcNow();
        return _all.Select(one => new SourceLag(one.Place.Name, one.Place.Number, one.Lag, one.LagTime(now)));
    }

    /// <summary>Returns the one of a place; null if it is not read.</summary>
    internal ReadPartition? Find(SourcePartition place)
    {
        if (!ReferenceEquals(_last?.Place, place))
        {
            _last = _byPlace.GetValueOrDefault(place);
        }

        return _last;
    }

    /// <summary>Adds one, or puts it in the place of what was read there.</summary>
    internal void Set(ReadPartition partition)
    {
        _byPlace[partition.Place] = partition;
        Changed();
    }

    /// <summary>Takes one out.</summary>
    internal void Remove(SourcePartition place)
    {
        _byPlace.Remove(place);
        Changed();
    }

    private void Changed()
    {
        _all = [.. _byPlace.Values];
        _last = null;
    }
}
