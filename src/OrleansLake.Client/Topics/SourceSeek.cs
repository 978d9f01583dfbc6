namespace OrleansLake.Client;

/// <summary>The partitions of a source that are to be read from another offset, and that offset.</summary>
/// <param name="Source">The source's name.</param>
public sealed record SourceSeek(string Source)
{
    /// <summary>Gets the topic, by its name where people see it; null: all of the source's.</summary>
    public string? Topic { get; init; }

    /// <summary>Gets the partition's number; null: all of them.</summary>
    public int? Partition { get; init; }

    /// <summary>Gets the place, where no offset is given.</summary>
    public SourcePlace Place { get; init; }

    /// <summary>Gets the offset, of one partition; null: <see cref="Place"/>.</summary>
    public long? Offset { get; init; }
}
