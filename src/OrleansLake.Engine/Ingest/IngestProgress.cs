namespace OrleansLake.Engine;

/// <summary>The progress of a source's ingest.</summary>
/// <param name="Accepted">Messages that are durable.</param>
/// <param name="Rejected">Records that went to quarantine.</param>
/// <param name="Bytes">Bytes of the source (packed, where it is packed) that are read.</param>
/// <param name="BytesTotal">The source's size in bytes; null where it is unknown.</param>
public readonly record struct IngestProgress(long Accepted, long Rejected, long Bytes, long? BytesTotal);
