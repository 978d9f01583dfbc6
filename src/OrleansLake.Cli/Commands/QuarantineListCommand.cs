using System.CommandLine;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake quarantine list</c>: each rejected record with its reason and its bytes.</summary>
internal sealed class QuarantineListCommand : LakeCommand
{
    private readonly FormatOption _format;

    private readonly Option<bool> _open = new("--open") { Description = "Leave out those that were replayed or dismissed" };

    public QuarantineListCommand(Terminal terminal)
        : base("list", "List rejected records: why, where they came from, and their bytes as they came.", terminal)
    {
        Options.Add(_open);
        _format = new FormatOption(this, OutputFormat.Ndjson, OutputFormat.Table, OutputFormat.Csv, OutputFormat.Json, OutputFormat.Ndjson);
    }

    public override IReadOnlyList<string> Examples => ["lake quarantine list", "lake quarantine list --open", "lake quarantine list --format ndjson | jq -r .raw"];

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        LakeReader reader = LakeReader.Open(GlobalOptions.PathOf(parsed));
        bool isOpenOnly = parsed.GetValue(_open);
        QuarantineEntry[] all = [.. reader.Quarantine()];
        QuarantineEntry[] entries = isOpenOnly ? [.. all.Where(static entry => entry.Settlement.IsOpen)] : all;
        OutputFormat format = _format.Of(parsed, Terminal);
        if (format == OutputFormat.Table)
        {
            DrawnTables.Write(Terminal, QuarantineText.Table(entries, Terminal.Width));
        }
        else
        {
            QuarantineText.WriteAll(Terminal.Output, entries, format, cancellationToken);
        }

        int open = all.Count(static entry => entry.Settlement.IsOpen);
        int mended = all.Count(static entry => entry.Settlement.IsReplayed);
        int dismissed = all.Length - open - mended;
        Terminal.Error.WriteLine($"{Figures.Count(open)} open, {Figures.Count(mended)} replayed{(dismissed == 0 ? "" : $", {Figures.Count(dismissed)} dismissed")}.");
        return Task.FromResult(ExitCode.Done);
    }
}
