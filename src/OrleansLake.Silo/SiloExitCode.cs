namespace OrleansLake.Silo;

/// <summary>The exit codes, those of the command line.</summary>
internal static class SiloExitCode
{
    internal const int Done = 0;

    /// <summary>A setting is wrong.</summary>
    internal const int Usage = 2;

    /// <summary>The lake is damaged.</summary>
    internal const int Damaged = 3;

    /// <summary>A process or another cluster runs the lake.</summary>
    internal const int InUse = 4;

    /// <summary>A folder, a database, a storage account, or the other silos.</summary>
    internal const int Environment = 5;

    /// <summary>It was stopped before it had started.</summary>
    internal const int Interrupted = 130;
}
