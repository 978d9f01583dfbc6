namespace OrleansLake.Engine.Sending;

/// <summary>The positions up to which a process has stored topics' partitions, which frames may not say yet. Thread-safe.</summary>
internal sealed class StoredTopics
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Topic, int Partition), long> _complete = [];

    /// <summary>Returns the offset before which all of a topic's partition is known to be stored.</summary>
    internal long CompleteOf(string topic, int partition)
    {
        lock (_gate)
        {
            return _complete.GetValueOrDefault((topic, partition));
        }
    }

    /// <summary>Takes down that all before an offset is stored.</summary>
    internal void Note(string topic, int partition, long offset)
    {
        lock (_gate)
        {
            _complete[(topic, partition)] = Math.Max(_complete.GetValueOrDefault((topic, partition)), offset);
        }
    }

    /// <summary>Returns the positions of the topics' partitions: the offsets from which to read them.</summary>
    /// <param name="progress">What each of the lake's partitions has; that is durable.</param>
    internal IReadOnlyDictionary<(string Topic, int Partition), long> Positions(IReadOnlyList<IReadOnlyList<SourceProgress.TopicProgress>> progress)
    {
        Dictionary<(string, int), long> positions = TopicPositions.Of(progress);
        lock (_gate)
        {
            foreach (((string, int) key, long complete) in _complete)
            {
                positions[key] = Math.Max(positions.GetValueOrDefault(key), complete);
            }
        }

        return positions;
    }
}
