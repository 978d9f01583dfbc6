using System.Globalization;
using System.Text;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.State;

/// <summary>Measures what deduplication keys take in memory, and how much work they are, by their number.</summary>
internal static class StateSuite
{
    // What is reserved for the keys to come is the greater part of a smaller state.
    private const int KeysMin = 100_000;

    private static readonly int[] Counts = [1_000_000, 2_000_000, 5_000_000, 20_000_000];

    public static int Run(int keysMax)
    {
        int[] counts = [.. Counts.Where(count => count < keysMax), keysMax];
        var text = new StringBuilder();
        CultureInfo plain = CultureInfo.InvariantCulture;
        text.AppendLine("# What a key costs\n");
        text.AppendLine("Live managed memory after messages that are each a key of its own were applied. The most is that after any batch");
        text.AppendLine("since the row before, from 100,000 keys on, just after a table has grown included. Processor time is that of applying on one thread, reports");
        text.AppendLine("included, from batches that are parsed already. Report 2 has 200,000 users.\n");
        text.AppendLine("| ids | keys | bytes a key | at most on the way | MB of keys | MB of reports | M messages/s of processor time |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (bool isText in (bool[])[false, true])
        {
            foreach (StateFigures one in Measure(isText, counts))
            {
                string row = string.Create(
                    plain,
                    $"| {(isText ? "text of 40 bytes" : "UUIDs")} | {one.Keys:N0} | {one.BytesPerKey:F1} | {one.BytesPerKeyMax:F1} | {one.BytesPerKey * one.Keys / 1e6:F0} | {one.ReportBytes / 1e6:F0} | {one.Applied / one.ProcessorSeconds / 1e6:F2} |");
                text.AppendLine(row);
                Console.Error.WriteLine(row);
            }
        }

        text.AppendLine(plain, $"\nAgain: `dotnet run -c Release --project bench/OrleansLake.Benchmarks -- state --keys {keysMax}`");
        File.WriteAllText(Path.Combine(Fixtures.Root, "bench", "STATE.md"), text.ToString());
        Console.Write(text);
        return 0;
    }

    private static List<StateFigures> Measure(bool isText, int[] counts)
    {
        // One after the other, so that only one is in memory: without reports, what is live is keys.
        List<(double Bytes, double Max, double Seconds)> keys = Grow(isText, counts, []);
        List<(double Bytes, double Max, double Seconds)> all = Grow(isText, counts, LakeReports.All);
        return [.. counts.Select((count, i) => new StateFigures(
            count, keys[i].Bytes / count, keys[i].Max, all[i].Bytes - keys[i].Bytes, all[i].Seconds, count - (i == 0 ? 0 : counts[i - 1])))];
    }

    private static List<(double Bytes, double Max, double Seconds)> Grow(bool isText, int[] counts, IReadOnlyList<ReportDefinition> reports)
    {
        var figures = new List<(double Bytes, double Max, double Seconds)>();
        var stream = new KeyStream(isText);
        stream.Next(new LakeState([]));    // its arrays are there from now on
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var state = new LakeState(reports);
        stream = new KeyStream(isText);
        foreach (int count in counts)
        {
            double max = 0;
            double seconds = 0;
            while (state.KeyCount < count)
            {
                stream.Next(state);
                TimeSpan started = Environment.CpuUsage.TotalTime;
                state.Apply(stream.Prepared);
                seconds += (Environment.CpuUsage.TotalTime - started).TotalSeconds;
                max = state.KeyCount < KeysMin ? 0 : Math.Max(max, state.MemoryBytes / (double)state.KeyCount);
            }

            figures.Add((GC.GetTotalMemory(forceFullCollection: true) - before, max, seconds));
        }

        GC.KeepAlive(state);
        return figures;
    }
}
