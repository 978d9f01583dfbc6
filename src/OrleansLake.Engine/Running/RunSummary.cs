namespace OrleansLake.Engine;

/// <summary>The summary of a run of the pipeline.</summary>
public sealed record RunSummary
{
    /// <summary>Gets the number of messages that it published.</summary>
    public long Accepted { get; init; }

    /// <summary>Gets the files in the bronze folder that were refused or cannot be read, each with the reason. They were left where
    /// they are.</summary>
    public IReadOnlyList<string> UnreadableFiles { get; init; } = [];
}
