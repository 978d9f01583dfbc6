using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Reading;

/// <summary>Rows of a file that follow each other.</summary>
/// <param name="Batch">The rows.</param>
/// <param name="FirstRow">The first row's number in the file, from 1.</param>
/// <param name="Faults">Values that their columns cannot hold, by row.</param>
internal sealed record MessageRows(MessageBatch Batch, long FirstRow, IReadOnlyList<RowFault> Faults);
