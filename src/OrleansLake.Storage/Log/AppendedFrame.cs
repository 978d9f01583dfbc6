namespace OrleansLake.Storage.Log;

/// <summary>The place of a frame in the log.</summary>
/// <param name="Start">Its number, and the offset of its first row.</param>
/// <param name="End">What comes after it; durable as soon as the log's durable position is not less.</param>
internal readonly record struct AppendedFrame(LogPosition Start, LogPosition End);
