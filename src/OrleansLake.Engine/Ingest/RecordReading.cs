using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Ingest;

/// <summary>Reads a rejected record once more.</summary>
/// <param name="entry">The record.</param>
/// <param name="messages">Gets what it is.</param>
/// <param name="rejections">Gets why it is not a message.</param>
/// <returns>False if it is not to be read.</returns>
internal delegate bool RecordReading(QuarantineEntry entry, MessageBatch messages, List<Rejection> rejections);
