namespace OrleansLake.Client;

/// <summary>
/// It cannot continue from where the watcher was: forget what is known; snapshots follow.
/// </summary>
/// <param name="Position">The lake's position.</param>
/// <param name="Time">The time of that position.</param>
/// <param name="Reason">The reason, for people.</param>
public sealed record LiveRefetch(LakePosition Position, DateTimeOffset Time, string Reason) : LiveUpdate(Position, Time);
