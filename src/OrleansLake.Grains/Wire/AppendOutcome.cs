namespace OrleansLake.Grains.Wire;

/// <summary>The outcomes of an append.</summary>
[GenerateSerializer, Alias("OrleansLake.AppendOutcome")]
internal enum AppendOutcome
{
    /// <summary>It is stored and durable.</summary>
    Stored = 0,

    /// <summary>An earlier call under the same key had stored it; the offsets are that call's.</summary>
    Repeated = 1,

    /// <summary>The key was used for other messages: nothing was stored.</summary>
    Conflict = 2,

    /// <summary>The key is too old to be remembered: nothing was stored, because it is not known whether it was before.</summary>
    Forgotten = 3,

    /// <summary>
    /// The key was used for other messages, or by another send meanwhile: of several frames this one does not continue from the one
    /// before, and of a topic's partition not from what is stored. Silos of earlier versions say <see cref="Conflict"/>, as they know one frame only.
    /// </summary>
    PieceConflict = 4,
}
