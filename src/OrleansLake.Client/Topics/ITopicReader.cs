namespace OrleansLake.Client;

/// <summary>
/// Reads partitions of topics, those that are assigned to it: all of them for one process, some of them where several share them. After an exception
/// it is disposed, and another one is opened, which goes on from the positions of the lake.
/// </summary>
/// <remarks>
/// Its members are called one after the other, by a thread that may wait in them. While <see cref="Read"/> is not called, the broker is to wait: a
/// reader keeps a bounded number of records.
/// </remarks>
public interface ITopicReader : IAsyncDisposable
{
    /// <summary>Returns the partitions that there are now, those that were found before, too. Called every some seconds: topics grow.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SourceException">The reader cannot go on. Of a broker that is away it returns those that it knows, and says so.</exception>
    Task<IReadOnlyList<SourcePartition>> FindPartitionsAsync(CancellationToken cancellationToken);

    /// <summary>Returns the offset of a place in a partition.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="place">The place.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SourceException">It is not known now; it is asked again.</exception>
    Task<long> FindOffsetAsync(SourcePartition partition, SourcePlace place, CancellationToken cancellationToken);

    /// <summary>Reads a partition from now on.</summary>
    /// <param name="partition">The partition, which is not assigned.</param>
    /// <param name="offset">The offset of the record that comes first; of the one behind it, where it has none under it.</param>
    void Assign(SourcePartition partition, long offset);

    /// <summary>Reads a partition no longer: what was read of it before is not returned any more.</summary>
    /// <param name="partition">The partition; nothing happens if it is not assigned.</param>
    void Unassign(SourcePartition partition);

    /// <summary>
    /// Returns what comes next: the records of a partition in the order of their offsets, each once. Where the record that comes next is gone, it returns
    /// <see cref="SourceRead.OutOfRange"/> and nothing more of that partition, until it is assigned again. The bytes of a record's value and key are
    /// copied before it is called again, so it may use them for the next one.
    /// </summary>
    /// <param name="wait">The time for which it waits for something; zero: what is there now.</param>
    /// <returns>What was read; <see cref="SourceReadKind.Nothing"/> if there was nothing in that time.</returns>
    /// <exception cref="SourceException">The reader cannot go on.</exception>
    SourceRead Read(TimeSpan wait);

    /// <summary>Returns the offset at which a partition ends, as far as the broker has said by now: without asking it. Null: not known.</summary>
    /// <param name="partition">The partition, which is assigned.</param>
    long? EndOf(SourcePartition partition);

    /// <summary>Takes what the lake has, about once a second and before the reader is disposed, for a broker that shows it to others. The lake does not ask for it.</summary>
    /// <param name="stored">The offsets behind what is stored, of the partitions that are read.</param>
    void ShowStored(IReadOnlyList<SourcePosition> stored)
    {
    }
}
