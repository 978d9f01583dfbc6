using System.Diagnostics;
using System.Text;
using OrleansLake.Benchmarks.Comparing;

namespace OrleansLake.Benchmarks.Works;

/// <summary>Measures whether a message costs the same whatever their number.</summary>
internal sealed class ScalingWork : Work
{
    // Bronze, silver and the snapshot, and room to spare; the keys in memory, and room to spare.
    private const int DiskBytesPerMessage = 200;
    private const int MemoryBytesPerMessage = 80;

    // As the README has it: the most that a key takes, and the reports of 100,000 users.
    private const double BytesPerKeyMax = 61;
    private const double ReportBytesMax = 23e6;

    public override string Name => "scaling";

    public override string About =>
        """
        `lake run --until-caught-up` without fsync on bronze Parquet of growing size, whole processes. `live`: managed memory of a
        process that has opened the lake and loaded its state, reports included, start-up of the runtime aside.
        """;

    public override ProcessStartInfo Profiled(CompareOptions options, BenchData data)
    {
        long size = Sizes(options.Messages).Select(static one => one.Size).Where(size => size <= options.ScalingMax && LacksRoom(size, data) is null).DefaultIfEmpty(options.Messages).Max();
        string output = data.Fresh("out-profiled");
        new LakeContender(durable: false).Prepare(data.Bronze(size), output);
        return MeasuredProcess.LakeCommand("run", "--until-caught-up", "--no-fsync", "--lake", output);
    }

    public override WorkResult Measure(CompareOptions options, BenchData data)
    {
        long messages = options.Messages;
        var rows = new List<ResultRow>();
        var points = new List<ScalingPoint>();
        var skipped = new StringBuilder();
        foreach ((long size, int rounds) in Sizes(messages))
        {
            if (size > options.ScalingMax)
            {
                skipped.AppendLine(Results.Plain, $"{size:N0} messages are beyond `--scaling-max`.");
            }
            else if (LacksRoom(size, data) is { } reason)
            {
                skipped.AppendLine(Results.Plain, $"{size:N0} messages were left out: {reason}.");
            }
            else
            {
                ScalingPoint point = Point(size, options.Rounds ?? rounds, data, rows);
                points.Add(point);
                Say($"{size:N0} messages: {point.Seconds / size * 1e9:F0} ns a message, {point.BytesPerKey:F1} bytes a key");
            }
        }

        return new WorkResult(rows, [.. Goals(points, messages)], Table(points) + "\n" + skipped);
    }

    private static (long Size, int Rounds)[] Sizes(long messages) => [(messages / 5, 3), (messages, 3), (4 * messages, 1), (10 * messages, 1)];

    private IEnumerable<Goal> Goals(List<ScalingPoint> points, long messages)
    {
        ScalingPoint[] large = [.. points.Where(point => point.Messages >= messages)];
        if (large.Length > 1)
        {
            string what = string.Create(Results.Plain, $"time a message from {large[0].Messages:N0} to {large[^1].Messages:N0}, the most over the least");
            yield return Goal.AtMost(Name, what, large.Max(static point => point.PerMessage) / large.Min(static point => point.PerMessage), 1.2, "F2", "x");
        }

        if (points.Count > 1 && points[0].Messages < messages)
        {
            string what = string.Create(Results.Plain, $"time a message from {points[0].Messages:N0} on, the most over the least");
            yield return Goal.AtMost(Name, what, points.Max(static point => point.PerMessage) / points.Min(static point => point.PerMessage), 1.5, "F2", "x");
        }

        if (points.Count > 0)
        {
            ScalingPoint last = points[^1];
            yield return Goal.AtMost(
                Name, string.Create(Results.Plain, $"live bytes a key of {last.Keys:N0} keys, {ReportBytesMax / 1e6:F0} MB of reports included"),
                last.BytesPerKey, BytesPerKeyMax + (ReportBytesMax / last.Keys), "F1", "");
        }
    }

    private ScalingPoint Point(long size, int rounds, BenchData data, List<ResultRow> rows)
    {
        string bronze = data.Bronze(size);
        var contender = new LakeContender(durable: false);
        var measurements = new List<Measurement>();
        string output = "";
        for (int round = 0; round < rounds; round++)
        {
            output = data.Fresh("out-scaling");
            contender.Prepare(bronze, output);
            measurements.Add(contender.Run(bronze, output));
        }

        _ = MeasuredProcess.Run(OwnProcess.Start("open-job", output), out string opened);
        string[] figures = opened.Split('\n')[0].Split(' ');
        (long keys, long bytes, double openSeconds) = (long.Parse(figures[0], Results.Plain), long.Parse(figures[1], Results.Plain), double.Parse(figures[2], Results.Plain));
        Directory.Delete(output, recursive: true);
        rows.Add(ResultRow.Of(Name, string.Create(Results.Plain, $"OrleansLake, {size:N0} messages"), measurements, measurements));
        return new ScalingPoint(
            size, rows[^1].MedianSeconds, Median.Of(measurements.Select(static one => one.ProcessorSeconds)), keys, bytes, rows[^1].PeakMegabytes, openSeconds);
    }

    private static string Table(List<ScalingPoint> points)
    {
        var text = new StringBuilder();
        text.AppendLine("| messages | ns a message | processor ns a message | keys | live bytes a key | live MB | peak MB of the run | to open, s |");
        text.AppendLine("|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (ScalingPoint point in points)
        {
            text.AppendLine(
                Results.Plain,
                $"| {point.Messages:N0} | {point.PerMessage * 1e9:F0} | {point.ProcessorSeconds / point.Messages * 1e9:F0} | {point.Keys:N0} | {point.BytesPerKey:F1} | {point.LiveBytes / 1e6:F0} | {point.PeakMegabytes:F0} | {point.OpenSeconds:F2} |");
        }

        return text.ToString();
    }

    private static string? LacksRoom(long size, BenchData data)
    {
        long free = new DriveInfo(data.Folder).AvailableFreeSpace;
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return free < size * DiskBytesPerMessage ? string.Create(Results.Plain, $"they need {size * DiskBytesPerMessage / 1e9:F0} GB of disk, {free / 1e9:F0} are free")
            : memory < size * MemoryBytesPerMessage ? string.Create(Results.Plain, $"they need {size * MemoryBytesPerMessage / 1e9:F0} GB of memory, there are {memory / 1e9:F0}")
            : null;
    }
}
