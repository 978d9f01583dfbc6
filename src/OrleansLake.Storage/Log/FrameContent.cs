using OrleansLake.Core.Messages;

namespace OrleansLake.Storage.Log;

/// <summary>The content of one frame of the log: it is durable as a whole or not at all.</summary>
public sealed record FrameContent
{
    /// <summary>Gets the accepted messages; null if there are none here (an external file's rows stay in their file).</summary>
    public MessageBatch? Rows { get; init; }

    /// <summary>Gets the progress of the source.</summary>
    internal SourceProgress SourceProgress { get; init; } = SourceProgress.Nothing;

    /// <summary>Gets the source of the rejected records, for people; empty if there are none.</summary>
    public string RejectedSource { get; init; } = "";

    /// <summary>Gets the rejected records.</summary>
    public IReadOnlyList<Rejection> Rejections { get; init; } = [];

    /// <summary>Gets the time when it is written, in microseconds since 1970 UTC, for people: nothing depends on it. 0 if nobody says.</summary>
    public long WrittenAt { get; init; }

    /// <summary>Gets the number of offsets in the frame.</summary>
    public long RowCount => SourceProgress is SourceProgress.ExternalBronzeFile external ? external.Rows : Rows?.Count ?? 0;
}
