namespace OrleansLake.Grains.Wire;

/// <summary>A partition's answer to a grain that follows its reports.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.ReportSteps")]
internal sealed record ReportSteps
{
    /// <summary>Gets the owner's epoch: steps of different owners have nothing to do with each other.</summary>
    [Id(0)]
    public required long Epoch { get; init; }

    /// <summary>Gets everything as of a step, where the steps since the asker's are not kept; null otherwise.</summary>
    [Id(1)]
    public ReportStep? Base { get; init; }

    /// <summary>Gets the steps after the asker's, in order.</summary>
    [Id(2)]
    public IReadOnlyList<ReportStep> Steps { get; init; } = [];
}
