using OrleansLake.Engine.Partitions;

namespace OrleansLake.Engine.Sending;

/// <summary>The progress of a batch that is known by its key, by partition, as its frames record it: sent or ingested, it is the same.</summary>
internal sealed class BatchProgress(BatchKey key, BatchEntry?[] before)
{
    private readonly long[] _accepted = [.. before.Select(static entry => entry?.Batch.Accepted ?? 0)];
    private readonly long[] _rejected = [.. before.Select(static entry => entry?.Batch.Rejected ?? 0)];

    /// <summary>Returns what the next frame of a partition records of the batch.</summary>
    internal SourceProgress.ProducerBatch Next(int partition, FramePart part, uint prefixCrc32C, long endPosition, long endRecord, bool completed) => new(
        key, prefixCrc32C, endPosition, endRecord, _accepted[partition] += part.RowCount, _rejected[partition] += part.Rejections.Count, completed);
}
