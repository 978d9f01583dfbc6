namespace OrleansLake.Grains.Wire;

/// <summary>The status of a partition's writer.</summary>
/// <param name="Silo">The silo that it is in.</param>
/// <param name="Epoch">The owner that it writes for; 0 if the partition is not in its silo.</param>
/// <param name="CommitNumber">That owner's newest commit; 0 if there is none.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.WriterStanding")]
internal sealed record WriterStatus(string Silo, long Epoch, long CommitNumber);
