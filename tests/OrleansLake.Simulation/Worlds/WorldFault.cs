namespace OrleansLake.Simulation.Worlds;

/// <summary>The faults in the middle of a step.</summary>
internal enum WorldFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The machine stops at some change.</summary>
    Crash = 1,

    /// <summary>One operation fails.</summary>
    Error = 2,

    /// <summary>One operation takes effect, but its answer is an error.</summary>
    LostAnswer = 3,

    /// <summary>Every operation fails from some point on, until the step ends.</summary>
    Errors = 4,

    /// <summary>There is no room, for some steps.</summary>
    DiskFull = 5,

    /// <summary>The process stalls at some operation; another one takes the lake and works on it; then the first continues.</summary>
    TakenOver = 6,

    /// <summary>At some operation readers of other processes look at the lake.</summary>
    ReadMeanwhile = 7,

    /// <summary>An operation takes long.</summary>
    Stall = 8,

    /// <summary>A read gives a wrong bit.</summary>
    FlippedRead = 9,

    /// <summary>A read ends early.</summary>
    ShortRead = 10,
}
