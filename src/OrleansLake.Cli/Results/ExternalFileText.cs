using System.Globalization;
using System.Text.Json;
using OrleansLake.Cli.Output;
using OrleansLake.Core.Parsing;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Results;

/// <summary>Lists external files in the formats that are printed.</summary>
internal static class ExternalFileText
{
    public static void Write(IReadOnlyList<ExternalFile> files, OutputFormat format, Terminal terminal)
    {
        if (format == OutputFormat.Table)
        {
            DrawnTables.Write(terminal, new TextTable(
                [new("file"), new("state"), new("rows", true), new("bytes", true), new("detail")],
                [.. files.Select(file => new[] { Listed(file.Name), file.StateName, file is { State: ExternalFileState.Accepted, Rows: 0 } ? "" : Figures.Count(file.Rows), Figures.Count(file.Bytes), Detail(file) })]));
        }
        else
        {
            Listing.Write(terminal.Output, files, format, "path,state,rows,bytes,renamed_to,reason\n", CsvLine, WriteMembers);
        }
    }

    /// <summary>Returns the number of files, and of how many something is to be done.</summary>
    public static string Summary(IReadOnlyList<ExternalFile> files)
    {
        int unsettled = files.Count(file => file.IsUnsettled);
        int unknown = files.Count(file => file.IsUnknown);
        return $"{Figures.Count(files.Count, "file")}"
            + (unsettled == 0 ? "" : $", of which {Figures.Count(unsettled)} {(unsettled == 1 ? "is" : "are")} not what was ingested: `lake bronze accept FILE` settles that")
            + (unknown == 0 ? "." : $"{(unsettled == 0 ? ", of which" : ";")} {Figures.Count(unknown)} cannot be read and {(unknown == 1 ? "is" : "are")} not ingested.");
    }

    /// <summary>Returns what became of a file that was to be accepted.</summary>
    public static string Sentence(AcceptedFile accepted)
    {
        long rows = accepted.File?.Rows ?? 0;
        string stay = rows switch
        {
            0 => "it had no rows",
            1 => "its row stays in silver as it is",
            _ => $"its {Figures.Count(rows)} rows stay in silver as they are",
        };
        string now = accepted.File?.State is not ExternalFileState.Changed ? ""
            : accepted.IsNewFile ? " `lake run` looks at what it holds now as a new file."
            : " What it holds now was ingested before under this name or another, and adds nothing.";
        return accepted.Outcome switch
        {
            AcceptOutcome.Accepted => accepted.File!.State switch
            {
                ExternalFileState.Changed => $"Accepted: {accepted.File.Path} holds something else; {stay}.{now}",
                ExternalFileState.Renamed => $"Accepted: {accepted.File.Path} was renamed to {accepted.File.RenamedTo}; {stay}, and {(rows == 1 ? "counts" : "count")} once.",
                ExternalFileState.Unreadable => $"Accepted: {accepted.File.Path} cannot be read; {stay}.",
                _ => $"Accepted: {accepted.File.Path} is gone; {stay}.",
            },
            AcceptOutcome.AcceptedBefore => $"{accepted.Path} was accepted before; nothing was done.",
            AcceptOutcome.Unchanged => $"{accepted.Path} is what was ingested; there is nothing to accept.",
            AcceptOutcome.Known => $"{accepted.Path} adds no rows: its {accepted.KnownBecause}; nothing was done.",
            AcceptOutcome.Refused => $"lake: {accepted.Path} was refused, so nothing of it is in the lake that could be accepted; `lake bronze list` says why, and `lake check` what to do.",
            _ => $"lake: no file {accepted.Path} was ingested; `lake bronze list` shows which were.",
        };
    }

    // As `lake bronze accept` takes it, where what is printed would not do.
    private static string Listed(string name) => name.Any(char.IsControl) ? ShownText.InShell(name) : name;

    private static string Detail(ExternalFile file) => file.RenamedTo is { } to ? $"to {Listed(to)}" : Reason(file) ?? "";

    // The same words in each format, without the name, which has a column of its own.
    private static string? Reason(ExternalFile file) => file.State == ExternalFileState.Known ? $"its {file.Reason}" : file.Detail;

    private static void WriteMembers(Utf8JsonWriter writer, ExternalFile file)
    {
        writer.WriteString("path", file.Path);
        writer.WriteString("state", file.StateName);
        writer.WriteNumber("rows", file.Rows);
        writer.WriteNumber("bytes", file.Bytes);
        writer.WriteString("renamed_to", file.RenamedTo);
        writer.WriteString("reason", Reason(file));
    }

    private static string CsvLine(ExternalFile file) => string.Create(
        CultureInfo.InvariantCulture, $"{Listing.CsvField(file.Path)},{file.StateName},{file.Rows},{file.Bytes},{Listing.CsvField(file.RenamedTo)},{Listing.CsvField(Reason(file))}\n");
}
