using OrleansLake.Engine.Live;

namespace OrleansLake.Grains.Wire;

/// <summary>A copy of a message that is in the lake.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.MessageCopy")]
internal sealed record MessageCopyDto
{
    /// <summary>Gets its place in its partition's bronze.</summary>
    [Id(0)]
    public required long Offset { get; init; }

    /// <summary>Gets the timestamp, in microseconds since 1970-01-01T00:00:00Z; null if that is not known.</summary>
    [Id(1)]
    public long? TimestampMicros { get; init; }

    /// <summary>Gets its date in the lake's time zone, yyyy-MM-dd; null if it has none.</summary>
    [Id(2)]
    public string? Date { get; init; }

    /// <summary>Gets the text that came with it.</summary>
    [Id(3)]
    public string? Value { get; init; }

    /// <summary>Gets what happened to the message.</summary>
    [Id(4)]
    public string? EventType { get; init; }

    /// <summary>Gets the channel.</summary>
    [Id(5)]
    public string? Channel { get; init; }

    /// <summary>Gets the country's number; a text is in <see cref="Ids"/>.</summary>
    [Id(6)]
    public int? CountryId { get; init; }

    /// <summary>Gets the user's number of 32 bits; another id is in <see cref="Ids"/>.</summary>
    [Id(7)]
    public int? UserId { get; init; }

    /// <summary>Gets a value indicating whether it is in <c>messages_corrupted</c>.</summary>
    [Id(8)]
    public bool IsCorrupted { get; init; }

    /// <summary>Gets the place of the copy with the same key that counts, this one or another; null for a corrupted one.</summary>
    [Id(9)]
    public long? CountedOffset { get; init; }

    /// <summary>Gets the fields that no column takes, as JSON; null if there are none, or they are not kept.</summary>
    [Id(10)]
    public string? Attributes { get; init; }

    /// <summary>Gets where it came from; null if that is not kept.</summary>
    [Id(11)]
    public string? Source { get; init; }

    /// <summary>Gets the record's number there.</summary>
    [Id(12)]
    public long? SourceOffset { get; init; }

    /// <summary>Gets the values of the columns that the lake adds, as a JSON object; null if it adds none.</summary>
    [Id(13)]
    public string? Columns { get; init; }

    /// <summary>Gets the ids that are not numbers of 32 bits; null if all are.</summary>
    [Id(14)]
    public IdsDto? Ids { get; init; }

    internal static MessageCopyDto Of(StoredCopy copy) => new()
    {
        Offset = copy.Offset,
        TimestampMicros = copy.TimestampMicros,
        Date = copy.Date,
        Value = copy.Value,
        EventType = copy.EventType,
        Channel = copy.Channel,
        CountryId = IdsDto.NarrowOf(copy.CountryId),
        Ids = IdsDto.Of(copy.UserId, copy.CountryId),
        UserId = IdsDto.NarrowOf(copy.UserId),
        IsCorrupted = copy.IsCorrupted,
        CountedOffset = copy.CountedOffset,
        Attributes = copy.Attributes,
        Source = copy.Source,
        SourceOffset = copy.SourceOffset,
        Columns = copy.Columns,
    };
}
