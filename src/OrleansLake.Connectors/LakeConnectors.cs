namespace OrleansLake.Connectors;

/// <summary>The names and times of the grains of a cluster that read its lake's sources and write its sinks.</summary>
public static class LakeConnectors
{
    /// <summary>
    /// The name of the grain storage that keeps how far sinks are, and which sources are paused: the silo is to have one, such as
    /// <c>AddAzureTableGrainStorage(LakeConnectors.Storage, ...)</c>, and reminders, such as <c>UseAzureTableReminderService(...)</c>.
    /// </summary>
    public const string Storage = "OrleansLake";

    /// <summary>The period of the reminders that keep grains of sources and sinks alive.</summary>
    internal static readonly TimeSpan ReminderPeriod = TimeSpan.FromSeconds(10);
}
