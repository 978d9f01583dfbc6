using System.Globalization;
using OrleansLake.Benchmarks.Comparing;

namespace OrleansLake.Benchmarks.Works;

/// <summary>The figures of the work <c>live</c>.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="Events">The events of a round.</param>
/// <param name="KeysBefore">The keys that were known before the first round.</param>
/// <param name="KeysAfter">And after the last.</param>
/// <param name="Rounds">The rounds' times.</param>
internal sealed record LiveFigures(string Name, int Events, long KeysBefore, long KeysAfter, IReadOnlyList<Measurement> Rounds)
{
    public double PerSecond => Events / Median.Of(Rounds.Select(static round => round.Seconds));

    /// <summary>Reads what the job wrote: keys before, keys after, then a line for each round.</summary>
    public static LiveFigures Parse(string name, int events, double peakMegabytes, string output)
    {
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new LiveFigures(
            name, events, long.Parse(lines[0], CultureInfo.InvariantCulture), long.Parse(lines[1], CultureInfo.InvariantCulture),
            [.. lines.Skip(2).Select(line => new Measurement(double.Parse(line, CultureInfo.InvariantCulture), peakMegabytes))]);
    }
}
