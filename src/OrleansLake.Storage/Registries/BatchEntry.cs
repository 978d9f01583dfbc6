namespace OrleansLake.Storage;

/// <summary>A producer's batch that was taken in.</summary>
/// <param name="Number">The batch's number.</param>
/// <param name="FirstOffset">The offset of its first row.</param>
/// <param name="RowCount">How many rows it has.</param>
public sealed record BatchEntry(long Number, long FirstOffset, long RowCount);
