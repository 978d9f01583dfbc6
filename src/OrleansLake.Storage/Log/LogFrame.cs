using OrleansLake.Core.Messages;

namespace OrleansLake.Storage.Log;

/// <summary>A frame as it was read back from the log; its bytes have been checked.</summary>
internal sealed record LogFrame
{
    /// <summary>Gets the owner that wrote it (or copied it from an earlier owner's segment).</summary>
    public required Epoch Epoch { get; init; }

    /// <summary>Gets the segment that it is in.</summary>
    public required long Segment { get; init; }

    /// <summary>Gets its number, and the offset of its first row.</summary>
    public required LogPosition Start { get; init; }

    /// <summary>Gets the number of offsets in the frame.</summary>
    public required long RowCount { get; init; }

    /// <summary>Gets the position that the writer knew to be durable when it wrote the frame.</summary>
    public required LogPosition DurableThen { get; init; }

    /// <summary>Gets the messages; null if there are none here (an external file's rows are in their file).</summary>
    public required MessageBatch? Rows { get; init; }

    /// <summary>Gets the progress of the source.</summary>
    public required SourceProgress SourceProgress { get; init; }

    /// <summary>Gets the source of the rejected records.</summary>
    public required string RejectedSource { get; init; }

    /// <summary>Gets the rejected records.</summary>
    public required IReadOnlyList<Rejection> Rejections { get; init; }

    /// <summary>Gets the time when it was written, in microseconds since 1970 UTC; 0 if that is not known.</summary>
    public long WrittenAt { get; init; }

    /// <summary>Gets the offset of the first row.</summary>
    public long FirstOffset => Start.Offset;

    /// <summary>Gets the position after it.</summary>
    public LogPosition End => new(Start.Sequence + 1, Start.Offset + RowCount);
}
