namespace OrleansLake.Core.State;

/// <summary>The decision about a message that was made before it comes to the state.</summary>
public enum KeyDecision : byte
{
    /// <summary>Nothing: the state compares it with what it knows of the key.</summary>
    InPlace = 0,

    /// <summary>It counts in the place of what is known of its key.</summary>
    Wins = 1,

    /// <summary>Another copy of its key comes before it.</summary>
    Loses = 2,
}
