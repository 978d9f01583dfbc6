using OrleansLake.Core.Messages;

namespace OrleansLake.Engine;

/// <summary>What of messages and rejected records belongs to one partition.</summary>
/// <param name="Rows">Its messages; null if there are none.</param>
/// <param name="Rejections">Its rejected records.</param>
internal sealed record FramePart(MessageBatch? Rows, IReadOnlyList<Rejection> Rejections)
{
    /// <summary>How many messages it has.</summary>
    internal int RowCount => Rows?.Count ?? 0;

    /// <summary>Whether nothing belongs to the partition.</summary>
    internal bool IsEmpty => RowCount == 0 && Rejections.Count == 0;
}
