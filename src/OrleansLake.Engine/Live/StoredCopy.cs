using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Live;

/// <summary>One copy of a message in a lake.</summary>
/// <param name="Offset">Its place in bronze.</param>
/// <param name="TimestampMicros">Microseconds since 1970-01-01T00:00:00Z; null if it has none.</param>
/// <param name="Date">Its date in the lake's time zone as folders have it; null if it has none.</param>
/// <param name="Value">The text that came with it.</param>
/// <param name="EventType">What happened to the message.</param>
/// <param name="Channel">The channel.</param>
/// <param name="CountryId">The country's id.</param>
/// <param name="UserId">The user's id.</param>
/// <param name="IsCorrupted">Whether it is in <c>messages_corrupted</c>.</param>
/// <param name="CountedOffset">The place of the copy with the same key that counts, this one or another; null for a corrupted one.</param>
public sealed record StoredCopy(
    long Offset, long? TimestampMicros, string? Date, string? Value, string? EventType, string? Channel, IdValue? CountryId, IdValue? UserId,
    bool IsCorrupted, long? CountedOffset)
{
    /// <summary>Gets the fields that no column takes, as JSON; null if there are none, or they are not kept.</summary>
    public string? Attributes { get; init; }

    /// <summary>Gets where it came from; null if that is not kept.</summary>
    public string? Source { get; init; }

    /// <summary>Gets the record's number there.</summary>
    public long? SourceOffset { get; init; }

    /// <summary>Gets the values of the columns that the lake adds, as a JSON object; null if it adds none.</summary>
    public string? Columns { get; init; }
}
