using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Publishing;

/// <summary>A rejected record on its way into quarantine.</summary>
/// <param name="Sequence">The log frame that it is in.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="Rejection">What it is, and why.</param>
internal readonly record struct QuarantinedRecord(long Sequence, string Source, Rejection Rejection);
