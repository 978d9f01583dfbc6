namespace OrleansLake.Client;

/// <summary>The result of a send.</summary>
public sealed record SendResult
{
    /// <summary>Gets what became of it.</summary>
    public required SendStatus Status { get; init; }

    /// <summary>Gets the number of messages that this call stored.</summary>
    public long Accepted { get; init; }

    /// <summary>Gets the number of messages that an earlier call under the same key had stored.</summary>
    public long Duplicates { get; init; }

    /// <summary>Gets the number of records that were not messages and went to quarantine.</summary>
    public long Quarantined { get; init; }

    /// <summary>Gets the first of the records that were not messages (see <see cref="SendOptions.ErrorsMax"/>).</summary>
    public IReadOnlyList<SendError> Errors { get; init; } = [];

    /// <summary>Gets the position at which, and after which, reads show the messages. Null if nothing was stored.</summary>
    public LakePosition? Position { get; init; }

    /// <summary>Gets a value indicating whether the records went through a mapping; over HTTP that is not reported.</summary>
    public bool IsMapped { get; init; }

    /// <summary>Gets the columns that none of the messages has a value for by the mapping, each with the paths to it (<c>no value (from body)</c>); null
    /// if there is none, or no mapping, and over HTTP, where the answer's note says it.</summary>
    public string? MissingColumns { get; init; }

    /// <summary>Gets the values of fields that no column takes, by the fields' names, nested ones by their paths; null if there are none, and
    /// over HTTP, where the server counts and logs them.</summary>
    public IReadOnlyDictionary<string, long>? LeftOut { get; init; }

    /// <summary>Gets, with <see cref="SendStatus.TryAgain"/>, <see cref="SendStatus.InFlight"/> and
    /// <see cref="SendStatus.TooManyDates"/>, the time after which to try again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets, with any other status than <see cref="SendStatus.Stored"/>, what is wrong and what to do.</summary>
    public string? Detail { get; init; }
}
