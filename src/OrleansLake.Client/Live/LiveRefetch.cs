namespace OrleansLake.Client;

/// <summary>
/// It cannot continue from where the watcher was: forget what is known; snapshots follow.
/// </summary>
/// <param name="Position">Where the lake is.</param>
/// <param name="Time">When.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record LiveRefetch(LakePosition Position, DateTimeOffset Time, string Reason) : LiveUpdate(Position, Time);
