using System.Diagnostics;
using System.Text;
using System.Text.Json;
using OrleansLake.Benchmarks.Comparing;

namespace OrleansLake.Benchmarks.Works;

/// <summary>Measures whether a lake that runs for long stays as it was.</summary>
internal sealed class TenHours : Work
{
    // A manifest in work, the newest, and those kept for readers at an older one, with room for a list of files beside each.
    private const int ManifestsMax = 64;

    // Sixteen of a level before they are merged, in levels of 16 times as many each, and the registry's likewise.
    private const int StateFilesMax = 160;
    private const int LogSegmentsMax = 4;
    private const int TriggersProfiled = 720;

    // As the README has it; what is known of a file; and the buffers that are kept, so that they decide nothing.
    private const double BytesPerKeyMax = 61;
    private const double BytesPerFileMax = 512;
    private const double BufferBytes = 32e6;
    private const int SidesAndDates = 2 * 5;

    public override string Name => "ten-hours";

    public override string About =>
        """
        Ten hours of triggers every 5 s on a simulated clock, through the engine, on a real folder: before each 200 messages of five
        dates are sent (without fsync), then the pipeline runs: it looks for external files, applies, commits, publishes gold. Times are of
        sending and running together. Files of manifests, snapshots (with registries) and log segments are the most after any trigger of
        the hour. Each commit adds a small file for each date and side that it touches; nothing merges them yet.
        """;

    public override ProcessStartInfo Profiled(CompareOptions options, BenchData data) =>
        OwnProcess.Start("ten-hours-job", data.Fresh("out-profiled"), TriggersProfiled.ToString(Results.Plain));

    public override WorkResult Measure(CompareOptions options, BenchData data)
    {
        string folder = data.Fresh("lake-ten-hours");
        Measurement process = MeasuredProcess.Run(
            OwnProcess.Start("ten-hours-job", folder, options.Triggers.ToString(Results.Plain)), out string output);
        HourFigures[] hours = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonSerializer.Deserialize<HourFigures>(line)!)];
        Directory.Delete(folder, recursive: true);
        Say($"{options.Triggers} triggers in {process.Seconds:F0} s");
        (HourFigures first, HourFigures last) = (hours[0], hours[^1]);
        long keys = last.Keys - first.Keys;
        long files = last.BronzeFiles - first.BronzeFiles + (SidesAndDates * (long)(last.SilverFilesPerDate - first.SilverFilesPerDate));
        return new WorkResult(
            [ResultRow.Of(Name, "OrleansLake", [process], [process])],
            [
                Goal.AtMost(Name, "files of manifests at any time", hours.Max(static hour => hour.Manifests), ManifestsMax, "F0", ""),
                Goal.AtMost(Name, "files of snapshots at any time", hours.Max(static hour => hour.StateFiles), StateFilesMax, "F0", ""),
                Goal.AtMost(Name, "log segments at any time", hours.Max(static hour => hour.LogSegments), LogSegmentsMax, "F0", ""),
                Goal.AtMost(
                    Name, string.Create(Results.Plain, $"memory added after the first hour, for {keys:N0} keys and {files:N0} files"),
                    (last.LiveBytes - first.LiveBytes) / 1e6, ((keys * BytesPerKeyMax) + (files * BytesPerFileMax) + BufferBytes) / 1e6, "F1", " MB"),
                Goal.AtMost(Name, "median trigger of the last hour over the first's", last.MedianMs / first.MedianMs, 1.5, "F2", "x"),
            ],
            Table(hours));
    }

    private static string Table(HourFigures[] hours)
    {
        var text = new StringBuilder();
        text.AppendLine("| hour | trigger, median ms | slowest ms | processor, mean ms | manifests | snapshots | log segments | keys | live MB | silver files of a date and side | bronze files |");
        text.AppendLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (HourFigures hour in hours)
        {
            text.AppendLine(
                Results.Plain,
                $"| {hour.Hour} | {hour.MedianMs:F1} | {hour.SlowestMs:F0} | {hour.ProcessorMs:F1} | {hour.Manifests} | {hour.StateFiles} | {hour.LogSegments} | {hour.Keys:N0} | {hour.LiveBytes / 1e6:F1} | {hour.SilverFilesPerDate:N0} | {hour.BronzeFiles:N0} |");
        }

        return text.ToString();
    }
}
