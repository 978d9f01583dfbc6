namespace OrleansLake.Cli.Output;

/// <summary>The exit codes of the process. Scripts rely on the numbers.</summary>
internal static class ExitCode
{
    /// <summary>Done; also <c>run</c> that was stopped by ctrl-C, after its commit.</summary>
    public const int Done = 0;

    /// <summary>A check failed, or input was rejected or unreadable; also a fault of the program.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The lake is damaged.</summary>
    public const int Damaged = 3;

    /// <summary>Another process writes to the lake.</summary>
    public const int InUse = 4;

    /// <summary>No such file, no permission, a full disk.</summary>
    public const int Environment = 5;

    /// <summary>Stopped by ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;
}
