namespace OrleansLake.Engine.Publishing;

/// <summary>Some rows of one applied batch, ascending.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Rows">Row numbers in the batch.</param>
internal readonly record struct RowRun(AppliedBatch Batch, ReadOnlyMemory<int> Rows);
