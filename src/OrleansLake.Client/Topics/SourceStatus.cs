namespace OrleansLake.Client;

/// <summary>The status of a source of topics.</summary>
/// <param name="Name">The source's name.</param>
/// <param name="IsPaused">Whether it is paused.</param>
/// <param name="Trouble">What keeps it from being read; null if nothing does.</param>
/// <param name="Partitions">Its partitions, as far as they were found.</param>
public sealed record SourceStatus(string Name, bool IsPaused, string? Trouble, IReadOnlyList<SourcePartitionStatus> Partitions)
{
    /// <summary>Gets the number of records that the lake does not have yet.</summary>
    public long Lag => Partitions.Sum(static one => one.Lag);

    /// <summary>Gets the longest time by which a partition is behind.</summary>
    public TimeSpan LagTime => Partitions.Select(static one => one.LagTime).DefaultIfEmpty().Max();
}
