using System.Text;
using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Partitions;

/// <summary>
/// Divides what is sent over a lake's partitions, whichever host ingests it: messages by their ids, rejected records, of
/// which there may not be an id, by their bytes, so that each has the same place whenever it is sent again.
/// </summary>
internal static class FramePartitioner
{
    /// <summary>Returns the part of each partition. With one partition it is given everything as it is.</summary>
    internal static FramePart[] Divide(MessageBatch messages, IReadOnlyList<Rejection> rejections, int partitions)
    {
        MessageBatch?[] rows = PartitionedMessages.Split(messages, partitions);
        var parts = new FramePart[partitions];
        for (int partition = 0; partition < partitions; partition++)
        {
            parts[partition] = new FramePart(rows[partition], partitions == 1 ? rejections : []);
        }

        if (partitions > 1 && rejections.Count > 0)
        {
            foreach (IGrouping<int, Rejection> rejected in rejections.GroupBy(rejection => PartitionOf(rejection.Raw, partitions)))
            {
                parts[rejected.Key] = parts[rejected.Key] with { Rejections = [.. rejected] };
            }
        }

        return parts;
    }

    /// <summary>Returns the partition that knows a key, whatever is sent under it.</summary>
    internal static int HomeOf(string key, int partitions) => PartitionOf(Encoding.UTF8.GetBytes(key), partitions);

    private static int PartitionOf(ReadOnlySpan<byte> bytes, int partitions) => PartitionedMessages.PartitionOf(StableHash.OfText(bytes), partitions);
}
