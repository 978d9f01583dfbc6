using OrleansLake.Core.State;

namespace OrleansLake.Grains;

/// <summary>A copy of a message on the wire.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.MessageOccurrence")]
public readonly record struct MessageOccurrenceDto
{
    /// <summary>Gets what happened to the message.</summary>
    [Id(0)]
    public required string EventType { get; init; }

    /// <summary>Gets the channel; null if it has none.</summary>
    [Id(1)]
    public string? Channel { get; init; }

    /// <summary>Gets the timestamp, in microseconds since 1970-01-01T00:00:00Z; null if that is not known.</summary>
    [Id(2)]
    public long? Timestamp { get; init; }

    /// <summary>Gets its place in its partition's bronze.</summary>
    [Id(3)]
    public long Offset { get; init; }

    /// <summary>Gets the user's number of 32 bits; another id is in <see cref="Ids"/>.</summary>
    [Id(4)]
    public int? UserId { get; init; }

    /// <summary>Gets the country's number; a text is in <see cref="Ids"/>.</summary>
    [Id(5)]
    public int? CountryId { get; init; }

    /// <summary>Gets the ids that are not numbers of 32 bits; null if all are.</summary>
    [Id(6)]
    public IdsDto? Ids { get; init; }

    internal static MessageOccurrenceDto Of(MessageOccurrence occurrence) => new()
    {
        EventType = occurrence.EventType,
        Channel = occurrence.Channel,
        Timestamp = occurrence.Timestamp,
        Offset = occurrence.Offset,
        UserId = IdsDto.NarrowOf(occurrence.UserId),
        CountryId = IdsDto.NarrowOf(occurrence.CountryId),
        Ids = IdsDto.Of(occurrence.UserId, occurrence.CountryId),
    };

    internal MessageOccurrence ToOccurrence() => new()
    {
        EventType = EventType,
        Channel = Channel,
        Timestamp = Timestamp,
        Offset = Offset,
        UserId = IdsDto.UserOf(Ids, UserId),
        CountryId = IdsDto.CountryOf(Ids, CountryId),
    };
}
