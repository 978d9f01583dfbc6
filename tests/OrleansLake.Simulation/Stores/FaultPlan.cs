namespace OrleansLake.Simulation.Stores;

/// <summary>The plan of what goes wrong, and at which operation. Operations count from 0, since the plan was made.</summary>
public sealed record FaultPlan
{
    /// <summary>Nothing goes wrong.</summary>
    public static FaultPlan None { get; } = new();

    /// <summary>The change (not the read) at which the process stops; negative for never.</summary>
    public long CrashAtChange { get; init; } = -1;

    /// <summary>The operation that fails; negative for none.</summary>
    public long ErrorAt { get; init; } = -1;

    /// <summary>Gets a value indicating whether all that come after it fail as well.</summary>
    public bool ErrorsStay { get; init; }

    /// <summary>Gets a value indicating whether what fails has taken its effect: the answer was lost.</summary>
    public bool ErrorsComeAfter { get; init; }

    /// <summary>Gets a value indicating whether only what needs room fails.</summary>
    public bool IsDiskFull { get; init; }

    /// <summary>The operation before which something else happens, done by <see cref="Meanwhile"/>; negative for never.</summary>
    public long MeanwhileAt { get; init; } = -1;

    /// <summary>Gets what happens while an operation stalls: other processes work, time goes by.</summary>
    public Action? Meanwhile { get; init; }

    /// <summary>From which operation on the next read lies; negative for none.</summary>
    public long LieAt { get; init; } = -1;

    /// <summary>Only reads of files in this folder lie.</summary>
    public string LieIn { get; init; } = "";

    /// <summary>Gets a value indicating whether the lie is a read that ends early; a bit that is turned if not.</summary>
    public bool LieIsShort { get; init; }
}
