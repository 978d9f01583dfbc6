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

    /// <summary>Writes what became of a source.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="source">Its name.</param>
    /// <param name="lake">The lake's path.</param>
    /// <param name="summary">What became of it.</param>
    /// <param name="missing">Gets the columns that files have nowhere, to be written once for all sources; null: they are written here.</param>
    public static void Write(TextWriter writer, string source, string lake, IngestSummary summary, Dictionary<string, List<string>>? missing = null)
    {
        var later = new HashSet<string>();
        foreach ((string columns, IReadOnlyList<string> files) in missing is null ? new Dictionary<string, IReadOnlyList<string>>() : summary.MissingColumns)
        {
            later.Add(IngestSummary.MissingNote(columns, files));
            missing!.TryAdd(columns, []);
            missing[columns].AddRange(files);
        }

        if (summary.Skipped)
        {
            writer.WriteLine($"Skipped: {DisplayWidth.Printable(summary.SkippedBecause ?? $"{source} was ingested before; --again ingests it once more")}.");
        }
        else
        {
            WriteAccepted(writer, source, summary);
            WriteRejections(writer, lake, summary);
        }

        foreach (string note in summary.Notes.Where(note => !later.Contains(note)))
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
