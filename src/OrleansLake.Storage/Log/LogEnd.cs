namespace OrleansLake.Storage.Log;

/// <summary>The end of a log that was read.</summary>
/// <param name="End">What comes after the last whole frame.</param>
/// <param name="Durable">The greatest place that is known to be durable.</param>
internal readonly record struct LogEnd(LogPosition End, LogPosition Durable);
