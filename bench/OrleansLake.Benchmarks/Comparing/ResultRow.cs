namespace OrleansLake.Benchmarks.Comparing;

/// <summary>A contender's figures in one work.</summary>
/// <param name="Work">The work's name.</param>
/// <param name="Contender">The contender's.</param>
/// <param name="MedianSeconds">The median of its times.</param>
/// <param name="PeakMegabytes">The median of its peaks of resident memory.</param>
/// <param name="Ratio">The median over the rounds of its time over ours; 1 where it is ours or has none of ours beside it.</param>
internal sealed record ResultRow(string Work, string Contender, double MedianSeconds, double PeakMegabytes, double Ratio)
{
    /// <summary>The medians of some rounds, beside ours of the same rounds.</summary>
    public static ResultRow Of(string work, string contender, IReadOnlyList<Measurement> rounds, IReadOnlyList<Measurement> ours) => new(
        work,
        contender,
        Median.Of(rounds.Select(static round => round.Seconds)),
        Median.Of(rounds.Select(static round => round.PeakMegabytes)),
        Median.Of(rounds.Zip(ours, static (theirs, mine) => theirs.Seconds / mine.Seconds)));
}
