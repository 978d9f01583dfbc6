namespace OrleansLake.Client;

/// <summary>Nothing that is watched changed up to here: a place to continue from, said now and then while it is quiet.</summary>
/// <param name="Position">The lake's position.</param>
/// <param name="Time">The time of that position.</param>
public sealed record LiveProgress(LakePosition Position, DateTimeOffset Time) : LiveUpdate(Position, Time);
