using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Partitions;

/// <summary>The messages and rejected records of a frame that belong to one partition.</summary>
/// <param name="Rows">Its messages; null if there are none.</param>
/// <param name="Rejections">Its rejected records.</param>
internal sealed record FramePart(MessageBatch? Rows, IReadOnlyList<Rejection> Rejections)
{
    /// <summary>Gets the number of messages.</summary>
    internal int RowCount => Rows?.Count ?? 0;

    /// <summary>Gets a value indicating whether nothing belongs to the partition.</summary>
    internal bool IsEmpty => RowCount == 0 && Rejections.Count == 0;
}
