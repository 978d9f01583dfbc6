using OrleansLake.Storage.Log;

namespace OrleansLake.Storage.Registries;

/// <summary>A batch that was ingested, or of which a part was.</summary>
/// <param name="Batch">How far.</param>
/// <param name="FirstOffset">The offset of its first row, or where it would be if it has none.</param>
/// <param name="EndOffset">The offset after its last row. Rows of others may come between two frames of a batch.</param>
internal sealed record BatchEntry(SourceProgress.ProducerBatch Batch, long FirstOffset, long EndOffset);
