namespace OrleansLake.Client;

/// <summary>The outcomes of a send.</summary>
public enum SendStatus
{
    /// <summary>All that was valid is durable, what was not is in quarantine; now, or under the same key before.</summary>
    Stored = 0,

    /// <summary>Strict, and not all of it was valid: nothing was stored.</summary>
    Refused = 1,

    /// <summary>The key was used for other messages: nothing was stored. Use another key.</summary>
    KeyConflict = 2,

    /// <summary>The same key is being sent right now: try again.</summary>
    InFlight = 3,

    /// <summary>The lake is behind, or its disk is full: nothing was stored. Try again after <see cref="SendResult.RetryAfter"/>.</summary>
    TryAgain = 4,

    /// <summary>
    /// The messages have more dates than one send, or one sender in a time, may have: nothing was stored. With
    /// <see cref="SendResult.RetryAfter"/> they can be sent again then; without it they never can, in one send.
    /// </summary>
    TooManyDates = 5,

    /// <summary>The lake has no mapping of the name: nothing was stored. Use another name, or give the lake the mapping.</summary>
    UnknownMapping = 6,
}
