namespace OrleansLake.Simulation.Stores;

/// <summary>The modes of a crash: what becomes of what was not made durable.</summary>
public enum CrashMode
{
    /// <summary>All of it stays: the process was killed, the machine was not.</summary>
    Killed = 0,

    /// <summary>All of it is lost.</summary>
    Dropped = 1,

    /// <summary>It is there up to some write, and of that one the first bytes; names likewise, folder by folder.</summary>
    Torn = 2,

    /// <summary>Some sectors and some names are there, whatever their order.</summary>
    Reordered = 3,

    /// <summary>As <see cref="Reordered"/>, and noise is where a sector is not.</summary>
    Garbled = 4,
}
