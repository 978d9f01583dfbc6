using OrleansLake.Core.Messages;

namespace OrleansLake.Client;

/// <summary>One copy of a message, and what became of it.</summary>
public sealed record MessageCopy
{
    /// <summary>Gets its place in its partition's bronze.</summary>
    public required long Offset { get; init; }

    /// <summary>Gets the time when it happened; null if that is not known.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Gets its date in the lake's time zone.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Gets the text that came with it.</summary>
    public string? Value { get; init; }

    /// <summary>Gets what happened to the message.</summary>
    public string? EventType { get; init; }

    /// <summary>Gets the channel.</summary>
    public string? Channel { get; init; }

    /// <summary>Gets the country's id.</summary>
    public IdValue? CountryId { get; init; }

    /// <summary>Gets the user's id.</summary>
    public IdValue? UserId { get; init; }

    /// <summary>Gets the fields that no column takes, as JSON; null if there are none, or the lake does not keep them.</summary>
    public string? Attributes { get; init; }

    /// <summary>Gets where it came from: a file, a sender, a queue; null if the lake does not keep that.</summary>
    public string? Source { get; init; }

    /// <summary>Gets the record's number there, from 1; null if the lake does not keep that.</summary>
    public long? SourceOffset { get; init; }

    /// <summary>Gets the values of the columns that the lake adds, as a JSON object; null if it adds none.</summary>
    public string? Columns { get; init; }

    /// <summary>Gets what became of it.</summary>
    public required MessageOutcome Outcome { get; init; }

    /// <summary>Gets the reason, for people.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets, of a suppressed copy, the offset of the one that counts instead.</summary>
    public long? CountedOffset { get; init; }
}
