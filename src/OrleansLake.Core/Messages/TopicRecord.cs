namespace OrleansLake.Core.Messages;

/// <summary>A record of a partition of a topic in a broker. Millions of them pass, so it is a value and not an object.</summary>
/// <param name="Offset">Its offset in the partition.</param>
/// <param name="Value">JSON in UTF-8: a message, or several. To be left alone until what it is sent with is stored.</param>
public readonly record struct TopicRecord(long Offset, ReadOnlyMemory<byte> Value)
{
    /// <summary>Gets its key, for people who look into the quarantine; null: it has none.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>
    /// Gets what returns the key and the headers of the record that it is given, as the members of a JSON object, or null if it has none. Called in
    /// lakes that keep attributes alone; null: it has none.
    /// </summary>
    public Func<TopicRecord, string?>? Attributes { get; init; }

    /// <summary>Gets the reason why it is not read for messages: then it goes to quarantine as it is. Null: it is read.</summary>
    public Refusal? Refusal { get; init; }
}
