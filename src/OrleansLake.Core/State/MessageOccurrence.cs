using OrleansLake.Core.Messages;

namespace OrleansLake.Core.State;

/// <summary>A copy of a message that may be the first of its (event type, channel).</summary>
public readonly record struct MessageOccurrence
{
    /// <summary>Gets what happened to the message.</summary>
    public required string EventType { get; init; }

    /// <summary>Gets the channel; null if it has none.</summary>
    public string? Channel { get; init; }

    /// <summary>Gets the timestamp, in microseconds since 1970-01-01T00:00:00Z; null if that is not known.</summary>
    public long? Timestamp { get; init; }

    /// <summary>Gets its place in its partition's bronze.</summary>
    public long Offset { get; init; }

    /// <summary>Gets the user's id.</summary>
    public IdValue? UserId { get; init; }

    /// <summary>Gets the country's id.</summary>
    public IdValue? CountryId { get; init; }

    /// <summary>Returns whether it comes before another copy of its key: by timestamp, a null last, then by offset.</summary>
    public bool IsBefore(in MessageOccurrence other) => FirstOccurrence.ComesBefore(
        Timestamp is null ? 1UL : 0, Timestamp ?? 0, Offset, other.Timestamp is null ? 1UL : 0, other.Timestamp ?? 0, other.Offset);
}
