namespace OrleansLake.Grains;

/// <summary>The outcomes of an append.</summary>
[GenerateSerializer, Alias("OrleansLake.AppendOutcome")]
public enum AppendOutcome
{
    /// <summary>It is stored and durable.</summary>
    Stored = 0,

    /// <summary>An earlier call under the same key had stored it; the offsets are that call's.</summary>
    Repeated = 1,

    /// <summary>The key was used for other messages: nothing was stored.</summary>
    Conflict = 2,

    /// <summary>The key is too old to be remembered: nothing was stored, because it is not known whether it was before.</summary>
    Forgotten = 3,
}
