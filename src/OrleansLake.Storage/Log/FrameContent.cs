using OrleansLake.Core.Messages;

namespace OrleansLake.Storage;

/// <summary>What is appended to the log as one frame: it is durable as a whole or not at all.</summary>
public sealed record FrameContent
{
    /// <summary>The accepted messages; null if there are none here (a foreign file's rows stay in their file).</summary>
    public MessageBatch? Rows { get; init; }

    /// <summary>What of the source they are.</summary>
    public Consumed Consumed { get; init; } = Consumed.Nothing;

    /// <summary>Where the rejected records come from, for people; empty if there are none.</summary>
    public string RejectedSource { get; init; } = "";

    /// <summary>The rejected records.</summary>
    public IReadOnlyList<Rejection> Rejections { get; init; } = [];

    /// <summary>When it is written, in microseconds since 1970 UTC, for people: nothing depends on it. 0 if nobody says.</summary>
    public long WrittenAt { get; init; }

    /// <summary>How many offsets the frame takes.</summary>
    public long RowCount => Consumed is Consumed.ForeignFile foreign ? foreign.Rows : Rows?.Count ?? 0;
}
