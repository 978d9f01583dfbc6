using OrleansLake.Cli.Output;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Results;

/// <summary>An ingest's summary as text.</summary>
internal static class IngestText
{
    private const int DetailMax = 720;
    private const int UnreadableFilesMax = 20;

    public static string Progress(IngestProgress progress, TimeSpan elapsed)
    {
        double rate = elapsed.TotalSeconds > 0 ? progress.Accepted / elapsed.TotalSeconds : 0;
        string rejected = progress.Rejected == 0 ? "" : $", {Figures.Count(progress.Rejected)} rejected";
        return $"{Figures.Count(progress.Accepted, "message")}{rejected}  {Figures.Rate(rate)}  {Figures.Bytes(progress.Bytes)}";
    }

    public static void Write(TextWriter writer, string source, string lake, IngestSummary summary)
    {
        if (summary.Skipped)
        {
            writer.WriteLine($"Skipped: {DisplayWidth.Printable(summary.SkippedBecause ?? $"{source} was ingested before; --again ingests it once more")}.");
        }
        else
        {
            WriteAccepted(writer, source, summary);
            WriteRejections(writer, lake, summary);
        }

        foreach (string note in summary.Notes)
        {
            writer.WriteLine($"  note: {DisplayWidth.Printable(note)}");
        }

        foreach (string file in summary.UnreadableFiles.Take(UnreadableFilesMax))
        {
            writer.WriteLine($"  unreadable: {DisplayWidth.Printable(file)}");
        }

        if (summary.UnreadableFiles.Count > UnreadableFilesMax)
        {
            int more = summary.UnreadableFiles.Count - UnreadableFilesMax;
            writer.WriteLine($"  and {Figures.Count(more, "more file")} {(more == 1 ? "is" : "are")} unreadable.");
        }
    }

    private static void WriteAccepted(TextWriter writer, string source, IngestSummary summary)
    {
        string resumed = summary.ResumedFrom > 0 ? $", resumed behind record {Figures.Count(summary.ResumedFrom)}, up to which it was stored before" : "";
        double rate = summary.Elapsed.TotalSeconds > 0 ? summary.Accepted / summary.Elapsed.TotalSeconds : 0;
        writer.WriteLine($"{DisplayWidth.Printable(source)}: {Figures.Count(summary.Accepted, "message")} accepted in {Figures.Time(summary.Elapsed)} ({Figures.Rate(rate)}){resumed}.");
    }

    private static void WriteRejections(TextWriter writer, string lake, IngestSummary summary)
    {
        if (summary.Rejected == 0)
        {
            return;
        }

        writer.WriteLine($"{Figures.Count(summary.Rejected, "record")} rejected; kept in {DisplayWidth.Printable(Path.Join(lake, "quarantine"))} (lake quarantine list shows all):");
        foreach ((RejectionReason reason, long count) in summary.RejectedByReason.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key))
        {
            string example = summary.FirstRejections.TryGetValue(reason, out Rejection? first)
                ? $"such as record {QuarantineText.RecordText(first)}: {DisplayWidth.Shorten(DisplayWidth.Printable(first.Detail), DetailMax)}"
                : "";
            writer.WriteLine($"  {Figures.Count(count),8}  {ReasonText.Code(reason)}  {example}".TrimEnd());
        }
    }
}
