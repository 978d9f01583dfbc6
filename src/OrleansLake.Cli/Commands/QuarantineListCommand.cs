using System.CommandLine;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake quarantine list</c>: each rejected record with its reason and its bytes.</summary>
internal sealed class QuarantineListCommand : LakeCommand
{
    private readonly FormatOption _format;

    public QuarantineListCommand(Terminal terminal)
        : base("list", "List rejected records: why, where they came from, and their bytes as they came.", terminal) =>
        _format = new FormatOption(this, OutputFormat.Ndjson, OutputFormat.Table, OutputFormat.Csv, OutputFormat.Json, OutputFormat.Ndjson);

    public override IReadOnlyList<string> Examples => ["lake quarantine list", "lake quarantine list --format ndjson | jq -r .raw"];

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        LakeReader reader = LakeReader.Open(GlobalOptions.PathOf(parsed));
        IEnumerable<QuarantineEntry> entries = reader.Quarantine();
        OutputFormat format = _format.Of(parsed, Terminal);
        if (format == OutputFormat.Table)
        {
            DrawnTables.Write(Terminal, QuarantineText.Table(entries, Terminal.Width));
            return Task.FromResult(ExitCode.Done);
        }

        using BufferedStream buffered = new(new Undisposed(Terminal.Output), 64 * 1024);
        foreach (QuarantineEntry entry in QuarantineText.Framed(entries, format, buffered))
        {
            cancellationToken.ThrowIfCancellationRequested();
            QuarantineText.Write(buffered, entry, format);
        }

        return Task.FromResult(ExitCode.Done);
    }
}
