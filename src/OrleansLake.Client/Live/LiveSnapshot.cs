namespace OrleansLake.Client;

/// <summary>A whole report (as far as it is watched): it replaces what was known of it.</summary>
/// <param name="Snapshot">The report.</param>
public sealed record LiveSnapshot(ReportSnapshot Snapshot) : LiveUpdate(Snapshot.Position, Snapshot.Time);
