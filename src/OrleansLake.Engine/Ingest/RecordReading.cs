using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Ingest;

/// <summary>Reads a rejected record once more.</summary>
/// <param name="entry">The record.</param>
/// <param name="fix">What takes its place; null: it is read as it came.</param>
/// <param name="messages">Gets what it is.</param>
/// <param name="rejections">Gets why it is not a message.</param>
/// <param name="fault">Gets why it cannot be read at all; null if that is not so, or it is another one's.</param>
/// <returns>False if it is not to be read.</returns>
internal delegate bool RecordReading(QuarantineEntry entry, byte[]? fix, MessageBatch messages, List<Rejection> rejections, out string? fault);
