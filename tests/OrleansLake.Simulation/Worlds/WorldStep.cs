namespace OrleansLake.Simulation.Worlds;

/// <summary>The steps of a world.</summary>
internal enum WorldStep
{
    /// <summary>The producer sends its next numbered batch to the owner, or the last one again if its answer got lost.</summary>
    Send = 0,

    /// <summary>Lines come in through a pipe.</summary>
    Text = 1,

    /// <summary>Another program puts a file into bronze.</summary>
    Foreign = 2,

    /// <summary>The trigger: what is durable is published.</summary>
    Commit = 3,

    /// <summary>The pipeline runs until it has caught up.</summary>
    CatchUp = 4,

    /// <summary>Silver and gold are rebuilt.</summary>
    Replay = 5,

    /// <summary>The owner's live reports are read.</summary>
    Read = 6,

    /// <summary>The owner closes the lake; the next step opens it.</summary>
    Close = 7,

    /// <summary>The owner's process is killed.</summary>
    Kill = 8,

    /// <summary>The machine stops.</summary>
    PowerOff = 9,

    /// <summary>A second process takes the lake, and the first does not notice.</summary>
    TakeOver = 10,

    /// <summary>A process that lost the lake continues with its work.</summary>
    ZombieActs = 11,

    /// <summary>Somebody sets the clock.</summary>
    SetClock = 12,
}
