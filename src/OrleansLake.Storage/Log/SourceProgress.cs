namespace OrleansLake.Storage.Log;

/// <summary>
/// The progress of its source that a frame records. It is durable together with the frame's rows, so a source is never ahead
/// of the log or behind it.
/// </summary>
internal abstract record SourceProgress
{
    private protected SourceProgress()
    {
    }

    /// <summary>Gets the progress of rows that come from no source that could be ingested twice.</summary>
    public static SourceProgress Nothing { get; } = new NoSource();

    /// <summary>No source.</summary>
    public sealed record NoSource : SourceProgress;

    /// <summary>A named stream that cannot be ingested again, such as standard input.</summary>
    /// <param name="Name">Its name, for people.</param>
    public sealed record Stream(string Name) : SourceProgress;

    /// <summary>The progress of a file's ingest.</summary>
    /// <param name="Name">The file's name, as the lake knows it.</param>
    /// <param name="Size">Its length in bytes.</param>
    /// <param name="PrefixCrc32C">The CRC32C of its bytes up to <paramref name="EndPosition"/>.</param>
    /// <param name="EndPosition">The byte that comes next.</param>
    /// <param name="EndRecord">The number of the record that comes next, from 1.</param>
    /// <param name="Completed">Whether nothing comes next.</param>
    /// <param name="WholeCrc32C">The CRC32C of the whole file, where it is known.</param>
    /// <param name="Take">1 for the first time, 2 when the same file is ingested again on purpose, and so on.</param>
    public sealed record FileProgress(
        string Name,
        long Size,
        uint PrefixCrc32C,
        long EndPosition,
        long EndRecord,
        bool Completed,
        uint? WholeCrc32C,
        int Take) : SourceProgress;

    /// <summary>
    /// The progress of a batch that can be recognised when it is sent again. Most are ingested by one frame;
    /// of a longer one each frame says where the next continues.
    /// </summary>
    /// <param name="Key">What it is recognised by.</param>
    /// <param name="PrefixCrc32C">The CRC32C of its bytes up to <paramref name="EndPosition"/>.</param>
    /// <param name="EndPosition">The byte that comes next; its length in bytes if it is completed.</param>
    /// <param name="EndRecord">The number of the record that comes next, from 1.</param>
    /// <param name="Accepted">Messages accepted so far, this frame's included.</param>
    /// <param name="Rejected">Records rejected so far, this frame's included.</param>
    /// <param name="Completed">Whether nothing comes next.</param>
    public sealed record ProducerBatch(
        BatchKey Key,
        uint PrefixCrc32C,
        long EndPosition,
        long EndRecord,
        long Accepted,
        long Rejected,
        bool Completed) : SourceProgress
    {
        /// <summary>Initializes a producer's batch that is in one frame, whose bytes nobody compares.</summary>
        public ProducerBatch(string producer, long number)
            : this(new BatchKey(producer, number), 0, 0, 1, 0, 0, true)
        {
        }
    }

    /// <summary>
    /// The progress of a topic's partition, of which a broker keeps the records under their offsets. The partitions of a lake advance
    /// one by one: what one of them has is not to be stored again, and what all have is not to be read again.
    /// </summary>
    /// <param name="Topic">The topic's identity, which no two topics share, wherever their brokers move.</param>
    /// <param name="Partition">The number of the topic's partition.</param>
    /// <param name="NextOffset">The offset behind the last record of which this partition of the lake has its rows.</param>
    /// <param name="CompleteOffset">The offset before which all partitions of the lake had all records when the frame was written.</param>
    public sealed record TopicProgress(string Topic, int Partition, long NextOffset, long CompleteOffset) : SourceProgress;

    /// <summary>A bronze Parquet file of another program, taken whole or refused whole. Its rows are not in the log.</summary>
    /// <param name="Name">Its path from the lake's root.</param>
    /// <param name="Size">Its length in bytes.</param>
    /// <param name="Crc32C">The CRC32C of all its bytes.</param>
    /// <param name="Rows">The number of rows that it adds: 0 if it is refused.</param>
    /// <param name="ModifiedUtcTicks">When it was last changed.</param>
    /// <param name="Refused">The reason why it is refused; null if it is ingested.</param>
    public sealed record ExternalBronzeFile(
        string Name,
        long Size,
        uint Crc32C,
        long Rows,
        long ModifiedUtcTicks,
        string? Refused = null) : SourceProgress;

    /// <summary>
    /// The acceptance that an external bronze file which was ingested is gone or holds other bytes: its rows stay as silver has them, and
    /// its name is free for another file. Of one that was refused: that the refusal is settled, because the file is gone or holds
    /// bytes that were ingested before.
    /// </summary>
    /// <param name="Name">Its path from the lake's root.</param>
    /// <param name="Size">Its length in bytes when it was ingested.</param>
    /// <param name="Crc32C">The CRC32C of all its bytes then.</param>
    public sealed record ExternalAccepted(string Name, long Size, uint Crc32C) : SourceProgress;

    /// <summary>
    /// Rejected records that the frame's rows replace. The rows are accepted and the records are closed by one write, so
    /// no record is replayed twice; in a lake of many partitions the rows may belong to another than the records, and their
    /// frame says so in its own.
    /// </summary>
    /// <param name="Ids">The records, all of one partition.</param>
    public sealed record Replayed(IReadOnlyList<QuarantineId> Ids) : SourceProgress
    {
        /// <summary>The most records that one frame replays.</summary>
        public const int IdsMax = 1 << 16;
    }

    /// <summary>Rejected records that nobody sends again, or that are open again after that.</summary>
    /// <param name="Ids">The records, all of the frame's partition; <see cref="Replayed.IdsMax"/> at most.</param>
    /// <param name="Reason">The reason why they were dismissed; null if they are open again.</param>
    public sealed record Dismissed(IReadOnlyList<QuarantineId> Ids, string? Reason) : SourceProgress;
}
