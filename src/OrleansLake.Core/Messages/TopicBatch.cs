namespace OrleansLake.Core.Messages;

/// <summary>
/// Records of one partition of a topic: all that it has from where the lake's position was up to <see cref="NextOffset"/>. A lake stores
/// them with that position, so that each record is in it once, however often it is sent.
/// </summary>
/// <param name="Topic">The topic's identity, which no two topics share, wherever their brokers move.</param>
/// <param name="Partition">The number of the topic's partition.</param>
/// <param name="Records">Its records, in the order of their offsets; offsets without a record are passed over. None: the position alone is stored.</param>
/// <param name="NextOffset">The offset from which to read on once they are stored.</param>
public sealed record TopicBatch(string Topic, int Partition, IReadOnlyList<TopicRecord> Records, long NextOffset)
{
    /// <summary>The most bytes of UTF-8 in a topic's identity.</summary>
    public const int TopicBytesMax = 1024;

    /// <summary>Gets what the source is called where people see it: in quarantine, and in the column <c>source</c> of lakes that keep it.</summary>
    public string Name { get; init; } = Topic;

    /// <summary>Gets the name of the lake's mapping by which records become messages; <c>none</c>: by none. Null: the default one, if there is one.</summary>
    public string? Mapping { get; init; }
}
