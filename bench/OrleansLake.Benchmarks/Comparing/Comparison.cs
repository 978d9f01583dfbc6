using System.Globalization;
using OrleansLake.Testing;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>
/// Makes the messages once, lets every contender do the whole job in turn for several rounds, holds that they agree to the row,
/// and writes down medians. The order turns with each round, so that nobody always comes after the same neighbour.
/// </summary>
internal sealed class Comparison(CompareOptions options)
{
    private const string Work = "bronze-to-gold";

    private readonly Contender[] _contenders =
    [
        new LakeContender(durable: false),
        new LakeContender(durable: true),
        new ScriptContender("DuckDB", "duckdb.mjs"),
    ];

    public int Run()
    {
        if (ForeignReaders.MissingBecause is { } reason)
        {
            Console.Error.WriteLine($"the comparison {reason}");
            return 5;
        }

        var folder = options.Folder ?? Directory.CreateTempSubdirectory("orleanslake-bench-").FullName;
        Directory.CreateDirectory(folder);
        try
        {
            var measurements = Measure(folder, Made(folder));
            var results = new Results(options, _contenders.Select(c => new ContenderResult(Work, c.Name, measurements[c], measurements[_contenders[0]])));
            Console.Write(results.Table());
            results.Write(Path.Combine(Fixtures.Root, "bench"));
            return 0;
        }
        finally
        {
            if (!options.Keep)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private string Made(string folder)
    {
        var bronze = Path.Combine(folder, $"bronze-{options.Messages.ToString(CultureInfo.InvariantCulture)}");
        if (Directory.Exists(bronze))
        {
            return bronze;
        }

        Console.Error.WriteLine($"making {options.Messages:N0} messages");
        var making = bronze + ".making";
        Directory.CreateDirectory(making);
        var made = MeasuredProcess.Run(
            LakeProcess.DotnetPath, LakeProcess.DllPath, "produce", "--profile", "bench", "--seed", "1",
            "--count", options.Messages.ToString(CultureInfo.InvariantCulture), "--parquet", making);
        Directory.Move(making, bronze);
        Console.Error.WriteLine($"made in {made.Seconds:F1} s");
        return bronze;
    }

    private Dictionary<Contender, List<Measurement>> Measure(string folder, string bronze)
    {
        var measurements = _contenders.ToDictionary(static c => c, static _ => new List<Measurement>());
        for (var round = 0; round < options.Rounds; round++)
        {
            for (var turn = 0; turn < _contenders.Length; turn++)
            {
                var contender = _contenders[(round + turn) % _contenders.Length];
                var output = OutputOf(folder, contender);
                if (Directory.Exists(output))
                {
                    Directory.Delete(output, recursive: true);
                }

                contender.Prepare(bronze, output);
                var measurement = contender.Run(bronze, output);
                measurements[contender].Add(measurement);
                Console.Error.WriteLine($"round {round + 1}: {contender.Name} {measurement.Seconds:F2} s, {measurement.PeakMegabytes:F0} MB");
            }

            if (round == 0)
            {
                foreach (var contender in _contenders)
                {
                    Agreement.Assert(bronze, _contenders[0], contender, name => OutputOf(folder, name));
                }

                Console.Error.WriteLine("all agree to the row");
            }
        }

        return measurements;
    }

    private string OutputOf(string folder, Contender contender) =>
        Path.Combine(folder, $"out-{Array.IndexOf(_contenders, contender).ToString(CultureInfo.InvariantCulture)}");
}
