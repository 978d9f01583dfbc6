namespace OrleansLake.Engine;

/// <summary>The summary of a run of the pipeline.</summary>
public sealed record RunSummary
{
    /// <summary>Messages that it published.</summary>
    public long Accepted { get; init; }

    /// <summary>Files in the bronze folder that were refused or cannot be read, each with the reason. They were left where they are.</summary>
    public IReadOnlyList<string> UnreadableFiles { get; init; } = [];
}
