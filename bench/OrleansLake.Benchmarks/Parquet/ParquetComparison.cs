using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Parquet;

/// <summary>
/// Silver rows written and read by our library and by others from npm, each job in a process of its own, start-up and
/// the first round (which warms up) left out. Writes bench/PARQUET.md.
/// </summary>
internal static class ParquetComparison
{
    private const int Rounds = 4;
    private const string Ours = "OrleansLake";
    private static readonly string[] Contenders = [Ours, "duckdb", "polars", "parquet-wasm"];
    private static readonly string[] Jobs = ["write", "read", "column"];

    public static int Run(int rows)
    {
        if (ForeignReaders.MissingBecause is { } reason)
        {
            Console.Error.WriteLine($"the comparison {reason}");
            return 5;
        }

        string folder = Directory.CreateTempSubdirectory("orleanslake-bench-").FullName;
        try
        {
            string source = Path.Combine(folder, "source.parquet");
            ParquetJob.Make(source, rows);
            var text = new StringBuilder();
            text.AppendLine("| job | threads | library | s | M rows/s | CPU s | cycles/value | file MB | moved MB | limit s | allocated MB | first, MB | time to ours |");
            text.AppendLine("|---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
            double hertz = ParquetVolume.ClockHz();
            var bandwidths = new Dictionary<int, double>();
            foreach (string job in Jobs)
            {
                ParquetVolume volume = ParquetVolume.Of(source, job == "column" ? ["message_id"] : [.. SilverRows.Schema.Fields.Select(static field => field.Name)]);
                foreach (int threads in (int[])[2, 1])
                {
                    bandwidths.TryAdd(threads, ParquetVolume.MemoryBytesPerSecond(threads));
                    Measure(job, threads, source, rows, volume, bandwidths[threads], hertz, text);
                }
            }

            string profile = ParquetProfile.Table(source, source + ".out");
            Console.WriteLine(profile);

            Console.Write(text);
            File.WriteAllText(
                Path.Combine(Fixtures.Root, "bench", "PARQUET.md"),
                $"""
                # Parquet, side by side

                {rows.ToString("N0", CultureInfo.InvariantCulture)} silver rows of 9 columns, snappy; the median of {Rounds - 1} rounds after one that warms up, each job in a process of
                its own, on {Environment.ProcessorCount} processors. `write`: rows in memory to a file; `read`: all columns; `column`: message_id alone.
                parquet-wasm has one thread whatever it is given.

                `cycles/value`: CPU s times the clock ({hertz / 1e9:F2} GHz), by rows times columns. `moved MB`: the columns in the file and in
                memory, which no reader or writer can do without. `limit s`: these bytes at the speed at which this machine copies,
                in the same run ({bandwidths[2] / 1e9:F1} GB/s read and written on 2 threads, {bandwidths[1] / 1e9:F1} on 1). `allocated MB`: by .NET in the median round;
                `first`: in the process's first.

                {text}
                ## Where our time goes
                By `perf record -e cpu-clock` over {ParquetProfile.Rounds} rounds of each job, the JIT compiler's warming up included.

                {profile}
                Again: `dotnet run -c Release --project bench/OrleansLake.Benchmarks -- parquet --rows {rows}`

                """);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(
        string job, int threads, string source, int rows, ParquetVolume volume, double bandwidth, double hertz, StringBuilder text)
    {
        double ours = 0;
        foreach (string contender in Contenders)
        {
            try
            {
                List<ParquetRound> all = RunOne(contender, job, threads, source);
                ParquetRound[] rounds = [.. all.Skip(1).OrderBy(static round => round.Seconds)];
                ParquetRound median = rounds[rounds.Length / 2];
                ours = contender == Ours ? median.Seconds : ours;
                string cells = $"{median.Seconds:F2} | {rows / median.Seconds / 1e6:F1} | {median.CpuSeconds:F2} | {median.CpuSeconds * hertz / volume.Values:F1} | {median.Bytes / 1e6:F0} | {volume.MovedBytes / 1e6:F0} | {volume.MovedBytes / bandwidth:F3}";
                string allocated = contender == Ours ? $"{median.AllocatedBytes / 1e6:F1} | {all[0].AllocatedBytes / 1e6:F1}" : "| ";
                text.AppendLine(CultureInfo.InvariantCulture, $"| {job} | {threads} | {contender} | {cells} | {allocated} | {median.Seconds / ours:F2} |");
            }
            catch (InvalidOperationException e)
            {
                // WebAssembly has 4 GB: a job that is too large for it is reported, not hidden.
                Console.Error.WriteLine(e.Message);
                text.AppendLine(CultureInfo.InvariantCulture, $"| {job} | {threads} | {contender} | failed | | | | | | | | | |");
            }
        }
    }

    private static List<ParquetRound> RunOne(string contender, string job, int threads, string source)
    {
        string output = source + ".out";
        string count = threads.ToString(CultureInfo.InvariantCulture);
        string rounds = Rounds.ToString(CultureInfo.InvariantCulture);
        string[] command = contender == Ours
            ? [LakeProcess.DotnetPath, typeof(ParquetComparison).Assembly.Location, "parquet-job", job, source, output, count, rounds]
            : ["node", Path.Combine(Fixtures.Root, "bench", "contenders", "parquet.mjs"), contender, job, source, output, count, rounds];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["POLARS_MAX_THREADS"] = count;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        File.Delete(output);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{contender}, {job}: {error.GetAwaiter().GetResult()}");
        }

        return [.. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonSerializer.Deserialize<ParquetRound>(line, JsonSerializerOptions.Web)!)];
    }
}
