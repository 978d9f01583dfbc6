namespace OrleansLake.Benchmarks.Comparing;

/// <summary>A contender's median time and memory, and the median over the rounds of its time over ours.</summary>
internal sealed class ContenderResult(string work, string contender, IReadOnlyList<Measurement> rounds, IReadOnlyList<Measurement> ours)
{
    public string Work => work;

    public string Contender => contender;

    public double MedianSeconds => Median(rounds.Select(static round => round.Seconds));

    public double PeakMegabytes => Median(rounds.Select(static round => round.PeakMegabytes));

    public double Ratio => Median(rounds.Zip(ours, static (theirs, mine) => theirs.Seconds / mine.Seconds));

    private static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        var middle = ordered.Length / 2;
        return ordered.Length % 2 == 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
    }
}
