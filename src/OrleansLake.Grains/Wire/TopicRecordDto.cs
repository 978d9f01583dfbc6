using OrleansLake.Core.Messages;

namespace OrleansLake.Grains.Wire;

/// <summary>A record of a topic's partition.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.TopicRecord")]
internal sealed record TopicRecordDto
{
    /// <summary>Gets its offset.</summary>
    [Id(0)]
    public required long Offset { get; init; }

    /// <summary>Gets its value.</summary>
    [Id(1)]
    public required byte[] Value { get; init; }

    /// <summary>Gets its key; null: it has none.</summary>
    [Id(2)]
    public byte[]? Key { get; init; }

    /// <summary>Gets its key and headers as the members of a JSON object; null if there are none.</summary>
    [Id(3)]
    public string? Attributes { get; init; }

    /// <summary>Gets the reason why it goes to quarantine as it is; null: it is read.</summary>
    [Id(4)]
    public RejectionReason? RefusedFor { get; init; }

    /// <summary>Gets the same for people.</summary>
    [Id(5)]
    public string? RefusedBecause { get; init; }

    // Whether the lake keeps attributes is known where the record goes to.
    internal static TopicRecordDto Of(TopicRecord record) => new()
    {
        Offset = record.Offset,
        Value = record.Value.ToArray(),
        Key = record.Key?.ToArray(),
        Attributes = record.Attributes?.Invoke(record),
        RefusedFor = record.Refusal?.Reason,
        RefusedBecause = record.Refusal?.Detail,
    };

    internal TopicRecord ToRecord() => new(Offset, Value)
    {
        Key = Key is null ? null : (ReadOnlyMemory<byte>?)Key,
        Attributes = Attributes is { } attributes ? _ => attributes : null,
        Refusal = RefusedFor is { } reason ? new Refusal(reason, RefusedBecause ?? "it is not read") : null,
    };
}
