using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Publishing;

/// <summary>A rejected record on its way into quarantine.</summary>
/// <param name="Id">Its id.</param>
/// <param name="WrittenAt">When it was rejected, in microseconds since 1970 UTC; 0 if that is not known.</param>
/// <param name="Source">Its source.</param>
/// <param name="Rejection">What it is, and why.</param>
internal readonly record struct QuarantinedRecord(QuarantineId Id, long WrittenAt, string Source, Rejection Rejection);
