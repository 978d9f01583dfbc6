namespace OrleansLake.Client;

/// <summary>Nothing that is watched changed up to here: a place to continue from, said now and then while it is quiet.</summary>
/// <param name="Position">Where the lake is.</param>
/// <param name="Time">When.</param>
public sealed record LiveProgress(LakePosition Position, DateTimeOffset Time) : LiveUpdate(Position, Time);
