namespace OrleansLake.Storage.Partitions;

/// <summary>Sizes of a partition's files.</summary>
internal sealed record PartitionStoreOptions
{
    /// <summary>Gets the bytes that a segment of the log is given at once: 64 MiB, some seconds of full load.</summary>
    public int SegmentBytes { get; init; } = 64 << 20;

    /// <summary>Gets the number of manifests that are kept besides the newest, for readers that are at an older one.</summary>
    public int ManifestsKept { get; init; } = 16;

    /// <summary>Gets the least number of changes after which the base list is rewritten.</summary>
    public int BaseListChangesMin { get; init; } = 256;

    /// <summary>
    /// Gets the number of files of changes of one level that are merged into one of the next: it bounds the files of a snapshot to
    /// this times the logarithm of their number.
    /// </summary>
    public int MergeFanIn { get; init; } = 16;

    /// <summary>Gets the generation that a partition begins with which is made now.</summary>
    public long FirstGeneration { get; init; } = 1;

    /// <summary>
    /// Gets the sequence number that the log of a partition begins with which is made now. Beyond those of the generation before it,
    /// so that no identity of a rejected record is given twice.
    /// </summary>
    public long FirstSequence { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(SegmentBytes, 4096);
        ArgumentOutOfRangeException.ThrowIfLessThan(ManifestsKept, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(BaseListChangesMin, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MergeFanIn, 2);
    }
}
