using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Ingest;

/// <summary>A record that was read and not stored.</summary>
/// <param name="Number">Its number in the source, from 1.</param>
/// <param name="Raw">Its bytes.</param>
/// <param name="Messages">The messages in it; usually one.</param>
/// <param name="Rejections">What in it is not a message.</param>
internal sealed record TriedRecord(long Number, byte[] Raw, MessageBatch Messages, IReadOnlyList<Rejection> Rejections);
