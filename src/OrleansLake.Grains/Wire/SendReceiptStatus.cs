namespace OrleansLake.Grains.Wire;

/// <summary>The outcomes of a send, between silos and clients: <see cref="Engine.SendStatus"/> as far as it is not an exception.</summary>
[GenerateSerializer, Alias("OrleansLake.SendOutcome")]
internal enum SendReceiptStatus
{
    /// <summary>All that was valid is durable, what was not is in quarantine; now, or under the same key before.</summary>
    Stored = 0,

    /// <summary>Strict, and not all of it was valid: nothing was stored.</summary>
    Refused = 1,

    /// <summary>The key was used for other messages: nothing was stored.</summary>
    KeyConflict = 2,

    /// <summary>The key is too old to be remembered: nothing was stored.</summary>
    KeyForgotten = 3,

    /// <summary>The messages have more dates than <see cref="SendRequest.DatesMax"/> or <see cref="SendRequest.SenderDatesMax"/>: nothing was stored.</summary>
    TooManyDates = 4,

    /// <summary>The lake has no mapping of the name: nothing was stored.</summary>
    UnknownMapping = 5,
}
