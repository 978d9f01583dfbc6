namespace OrleansLake.Client;

/// <summary>
/// Topics of a broker that keeps records under offsets, as a source of messages: a log, a file of numbered lines, a table with a sequence. Which
/// partitions are read and from where is decided by the lake, which stores positions with the rows: each record is in it once.
/// </summary>
/// <remarks>Its text, by <see cref="object.ToString"/>, is for people and never holds a password.</remarks>
public interface ITopicSource
{
    /// <summary>Gets a name that no other source of the lake has, such as <c>kafka:messages</c>: the same at each start.</summary>
    string Name { get; }

    /// <summary>Gets the name of the lake's mapping by which records become messages; <c>none</c>: by none. Null: the default one, if there is one.</summary>
    string? Mapping { get; }

    /// <summary>Gets a value indicating whether a partition is read on behind records that are gone before they were read; else it stops there.</summary>
    bool SkipsGaps { get; }

    /// <summary>Opens a reader, another one each time: on silos several are open at once. It may connect later: what is away is not a failure, but said by <paramref name="lost"/>.</summary>
    /// <param name="known">The positions of the lake, of all topics.</param>
    /// <param name="lost">Takes what keeps the source from being read, in words for people and without a password; from any thread, as often as it is so.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The reader, which the caller disposes.</returns>
    /// <exception cref="SourceException">It cannot be read: the message says why. It is opened again later.</exception>
    Task<ITopicReader> OpenAsync(IReadOnlyList<TopicPosition> known, Action<string> lost, CancellationToken cancellationToken);
}
