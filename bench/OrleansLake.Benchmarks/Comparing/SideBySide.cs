namespace OrleansLake.Benchmarks.Comparing;

/// <summary>
/// Contenders that do the same job in turn for several rounds; the first is ours. The order turns with each round, so
/// that nobody always comes after the same neighbour. After the first round all must agree to the row.
/// </summary>
internal sealed class SideBySide(string work, IReadOnlyList<Contender> contenders)
{
    /// <summary>Runs them all.</summary>
    /// <exception cref="InvalidOperationException">One failed, or they do not agree.</exception>
    public IReadOnlyList<ResultRow> Run(string source, long messages, int rounds, BenchData data)
    {
        List<Measurement>[] measurements = [.. contenders.Select(static _ => new List<Measurement>())];
        for (int round = 0; round < rounds; round++)
        {
            for (int turn = 0; turn < contenders.Count; turn++)
            {
                int at = (round + turn) % contenders.Count;
                string output = data.Fresh(OutputOf(at));
                contenders[at].Prepare(source, output);
                Measurement measured = contenders[at].Run(source, output);
                measurements[at].Add(measured);
                Console.Error.WriteLine(string.Create(
                    Results.Plain, $"{work}, round {round + 1}: {contenders[at].Name} {measured.Seconds:F2} s, {measured.PeakMegabytes:F0} MB"));
            }

            if (round == 0)
            {
                foreach (Outcome outcome in Enumerable.Range(0, contenders.Count).Select(OutcomeOf))
                {
                    Agreement.Assert(messages, OutcomeOf(0), outcome);
                }

                Console.Error.WriteLine($"{work}: all agree to the row");
            }
        }

        for (int at = 0; at < contenders.Count; at++)
        {
            Directory.Delete(Path.Combine(data.Folder, OutputOf(at)), recursive: true);
        }

        return [.. contenders.Select((contender, at) => ResultRow.Of(work, contender.Name, measurements[at], measurements[0]))];

        Outcome OutcomeOf(int at) => new(contenders[at].Name, layer => contenders[at].Files(Path.Combine(data.Folder, OutputOf(at)), layer));
    }

    private string OutputOf(int at) => $"out-{work}-{at}";
}
