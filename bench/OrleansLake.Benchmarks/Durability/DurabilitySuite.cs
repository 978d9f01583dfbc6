using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Durability;

/// <summary>Measures what durability costs, beside what the disk does without us.</summary>
internal static class DurabilitySuite
{
    private const int Rounds = 3;

    // A tenth of what is to be reached, 1.5 M messages/s.
    private const double AckRate = 150_000;

    public static int Run(int messages, string? folder)
    {
        string root = Directory.CreateDirectory(Path.Combine(folder ?? Path.GetTempPath(), $"durability-{Environment.ProcessId}")).FullName;
        try
        {
            var lines = new DurabilityLines(Path.Combine(root, "messages.ndjson"), messages);
            string lake = Path.Combine(root, "lake");
            double[] fsync = DiskMeasure.FsyncMilliseconds(root, 500);
            var rows = new Dictionary<string, List<(double Wall, double Cpu)>>();
            for (int round = 0; round < Rounds; round++)
            {
                // Alternating, so that what else the machine does meets all alike.
                Add(rows, "the disk: the same bytes, one fsync", (DiskMeasure.WriteSeconds(root, lines.Bytes), 0));
                Add(rows, "`SendAsync`, 8 callers, batches of 5,000", AcceptMeasure.Send(lake, lines, isDurable: true));
                Add(rows, "the same without fsync", AcceptMeasure.Send(lake, lines, isDurable: false));
                Add(rows, "`IngestAsync` of a stream", AcceptMeasure.Ingest(lake, lines, isDurable: true));
                Add(rows, "the same stream without fsync", AcceptMeasure.Ingest(lake, lines, isDurable: false));
                Add(rows, "`lake ingest -`, its start included", Command(lake, lines));
            }

            double[] acks = AcceptMeasure.LatenciesAsync(lake, lines, AckRate, TimeSpan.FromSeconds(10)).GetAwaiter().GetResult();
            RecoveryFigures[] recovery = [.. new[] { messages / 10, messages }.Select(count => RecoveryMeasure.Run(lake, lines, count))];
            Write(lines, fsync, rows, acks, recovery);
            return 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    // A process that has ended does not tell its processor time any more.
    private static (double Wall, double Cpu) Command(string lake, DurabilityLines lines)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using Process process = Process.Start(new ProcessStartInfo(
            "sh", ["-c", "exec \"$1\" \"$2\" ingest - --lake \"$3\" < \"$4\"", "sh", LakeProcess.DotnetPath, BuiltProgram.Lake, lake, lines.File])
        {
            RedirectStandardError = true,
        })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        double wall = watch.Elapsed.TotalSeconds;
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(error);
        }

        Directory.Delete(lake, recursive: true);
        return (wall, 0);
    }

    private static void Add(Dictionary<string, List<(double Wall, double Cpu)>> rows, string name, (double Wall, double Cpu) one)
    {
        if (!rows.TryGetValue(name, out List<(double Wall, double Cpu)>? all))
        {
            rows[name] = all = [];
        }

        all.Add(one);
        Console.Error.WriteLine($"{name}: {one.Wall:F2} s, processor {one.Cpu:F2} s");
    }

    private static (double Wall, double Cpu) Median(List<(double Wall, double Cpu)> all) => all.Order().ElementAt(all.Count / 2);

    private static double At(double[] sorted, double part) => sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * part)];

    private static void Write(
        DurabilityLines lines, double[] fsync, Dictionary<string, List<(double Wall, double Cpu)>> rows, double[] acks, RecoveryFigures[] recovery)
    {
        var text = new StringBuilder();
        CultureInfo plain = CultureInfo.InvariantCulture;
        text.AppendLine(plain, $"# What durability costs\n");
        text.AppendLine(plain, $"{lines.Count:N0} messages of `lake produce --profile bench` ({lines.Bytes.Length / (double)lines.Count:F0} bytes each) on {Environment.ProcessorCount} cores, the median of {Rounds}");
        text.AppendLine(plain, $"alternating rounds. Every message is parsed, validated, and fsynced before its acknowledgement, unless the row says otherwise.\n");
        text.AppendLine("| what | M messages/s | MB/s of NDJSON | processor s per M messages |");
        text.AppendLine("|---|---:|---:|---:|");
        foreach ((string name, List<(double Wall, double Cpu)> all) in rows)
        {
            (double wall, double cpu) = Median(all);
            text.AppendLine(plain, $"| {name} | {lines.Count / wall / 1e6:F2} | {lines.Bytes.Length / wall / 1e6:F0} | {(cpu > 0 ? (cpu / lines.Count * 1e6).ToString("F2", plain) : "")} |");
        }

        text.AppendLine("\n| from sending to acknowledgement | median ms | p99 ms | greatest ms |");
        text.AppendLine("|---|---:|---:|---:|");
        text.AppendLine(plain, $"| batches of 100 at {AckRate / 1e6:F2} M messages/s, the pipeline running | {At(acks, 0.5):F2} | {At(acks, 0.99):F2} | {acks[^1]:F2} |");
        text.AppendLine(plain, $"| one fsync of 20 kB on this disk | {At(fsync, 0.5):F2} | {At(fsync, 0.99):F2} | {fsync[^1]:F2} |");
        text.AppendLine("\n| messages | keys | to the first report, all in the log, s | all published, s | live bytes per key, reports included |");
        text.AppendLine("|---:|---:|---:|---:|---:|");
        foreach (RecoveryFigures one in recovery)
        {
            text.AppendLine(plain, $"| {one.Messages:N0} | {one.Keys:N0} | {one.InLogSeconds:F2} | {one.PublishedSeconds:F2} | {one.BytesPerKey:F0} |");
        }

        text.AppendLine(plain, $"\nAgain: `dotnet run -c Release --project bench/OrleansLake.Benchmarks -- durability --messages {lines.Count}`");
        string path = Path.Combine(Fixtures.Root, "bench", "DURABILITY.md");
        File.WriteAllText(path, text.ToString());
        Console.Write(text);
    }
}
