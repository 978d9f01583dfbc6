namespace OrleansLake.Engine;

/// <summary>The kinds of failures, by what can be done about them. The numbers are the command line's exit codes.</summary>
public enum LakeFailure
{
    /// <summary>A check failed, or input could not be ingested: fix the input.</summary>
    Failed = 1,

    /// <summary>The call is wrong: fix the call.</summary>
    Usage = 2,

    /// <summary>The lake is damaged: stop, and see what the message says.</summary>
    Damaged = 3,

    /// <summary>Another process owns the lake: stop it, or wait.</summary>
    InUse = 4,

    /// <summary>No such file, no permission, no disk space: correct the environment and try again.</summary>
    Environment = 5,
}
