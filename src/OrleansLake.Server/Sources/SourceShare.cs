using OrleansLake.Client;

namespace OrleansLake.Server.Sources;

/// <summary>The partitions of a source that one process of several is to read. Any threads.</summary>
internal sealed class SourceShare
{
    private readonly Lock _gate = new();
    private readonly HashSet<SourcePartition> _partitions = [];
    private volatile int _version;

    /// <summary>Gets a number that another partition changes.</summary>
    internal int Version => _version;

    /// <summary>Gets a value indicating whether nothing is to be read.</summary>
    internal bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _partitions.Count == 0;
            }
        }
    }

    /// <summary>Has a partition read; nothing happens if it is read.</summary>
    internal void Add(SourcePartition partition)
    {
        lock (_gate)
        {
            _version += _partitions.Add(partition) ? 1 : 0;
        }
    }

    /// <summary>Has a partition read no longer.</summary>
    internal void Remove(SourcePartition partition)
    {
        lock (_gate)
        {
            _ = _partitions.Remove(partition);
        }
    }

    /// <summary>Returns the partitions that are to be read beside some.</summary>
    internal SourcePartition[] Beside(IEnumerable<SourcePartition> some)
    {
        lock (_gate)
        {
            return [.. _partitions.Except(some)];
        }
    }
}
