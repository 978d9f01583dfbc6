namespace OrleansLake.Simulation.Stores;

/// <summary>What goes wrong, and at which operation. Operations count from 0, since the plan was made.</summary>
public sealed record FaultPlan
{
    /// <summary>Nothing goes wrong.</summary>
    public static FaultPlan None { get; } = new();

    /// <summary>The change (not the read) at which the process stops; negative for never.</summary>
    public long CrashAtChange { get; init; } = -1;

    /// <summary>The operation that fails; negative for none.</summary>
    public long ErrorAt { get; init; } = -1;

    /// <summary>Whether all that come after it fail as well.</summary>
    public bool ErrorsStay { get; init; }

    /// <summary>Whether what fails has taken its effect: the answer was lost.</summary>
    public bool ErrorsComeAfter { get; init; }

    /// <summary>Whether only what needs room fails.</summary>
    public bool IsDiskFull { get; init; }
}
