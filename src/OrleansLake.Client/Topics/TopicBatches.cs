using System.Text;
using OrleansLake.Core.Messages;

namespace OrleansLake.Client.Topics;

/// <summary>The checks of batches of topics, which every lake makes, and the order of its answers.</summary>
internal static class TopicBatches
{
    /// <exception cref="ArgumentException">The offsets of the records do not go up, or reach beyond the batch's position, or its identity is empty or too long.</exception>
    internal static void Check(TopicBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Topic.Length == 0 || Encoding.UTF8.GetByteCount(batch.Topic) > TopicBatch.TopicBytesMax)
        {
            throw new ArgumentException($"A topic's identity is to have 1 to {TopicBatch.TopicBytesMax} bytes.", nameof(batch));
        }

        long last = -1;
        foreach (TopicRecord record in batch.Records)
        {
            last = record.Offset > last ? record.Offset
                : throw new ArgumentException($"The record with the offset {record.Offset} of {batch.Name} comes behind one with {last}: offsets are to go up from 0.", nameof(batch));
        }

        if (batch.NextOffset <= last || batch.NextOffset < 0)
        {
            throw new ArgumentException($"The position {batch.NextOffset} is not behind the last record of {batch.Name}, which has the offset {last}.", nameof(batch));
        }
    }

    /// <summary>Returns positions in the order of their topics and partitions.</summary>
    internal static IReadOnlyList<TopicPosition> InOrder(IEnumerable<TopicPosition> positions) =>
        [.. positions.OrderBy(static position => position.Topic, StringComparer.Ordinal).ThenBy(static position => position.Partition)];
}
