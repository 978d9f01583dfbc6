namespace OrleansLake.Engine;

/// <summary>The outcomes of a send.</summary>
public enum SendStatus
{
    /// <summary>It is durable.</summary>
    Stored = 1,

    /// <summary>It had been stored before, is durable, and was not stored again; the outcome is that of the first time.</summary>
    Repeated = 2,

    /// <summary>Strict only: records were rejected, and nothing was stored. Fix the records.</summary>
    Invalid = 3,

    /// <summary>Another body was sent under the key; nothing was stored. Fix the key.</summary>
    Conflict = 4,

    /// <summary>The same key is being sent now; nothing was stored by this call. Try again.</summary>
    InFlight = 5,

    /// <summary>The producer's number is below those that are remembered: it may have been stored. Fix the number.</summary>
    Forgotten = 6,

    /// <summary>The disk or the pipeline is behind, and nothing was freed in time; nothing was stored. Try again.</summary>
    Busy = 7,

    /// <summary>The lake takes nothing now (its disk is full or failed, or it is being replayed). Try again.</summary>
    Unavailable = 8,

    /// <summary><see cref="SendOptions.AdmitDates"/> did not let it pass; nothing was stored.</summary>
    TooManyDates = 9,

    /// <summary>The lake has no mapping of the name; nothing was stored. Fix the name.</summary>
    UnknownMapping = 10,
}
