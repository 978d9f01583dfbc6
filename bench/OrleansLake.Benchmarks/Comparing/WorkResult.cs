namespace OrleansLake.Benchmarks.Comparing;

/// <summary>The result of a work.</summary>
/// <param name="Rows">A row for each contender.</param>
/// <param name="Goals">What was to be reached.</param>
/// <param name="Details">More about it in Markdown; empty if the rows say it all.</param>
internal sealed record WorkResult(IReadOnlyList<ResultRow> Rows, IReadOnlyList<Goal> Goals, string Details = "")
{
    /// <summary>Gets where our time goes, in Markdown; empty if every goal is held.</summary>
    public string Profile { get; init; } = "";
}
