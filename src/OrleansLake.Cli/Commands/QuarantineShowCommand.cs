using System.CommandLine;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake quarantine show</c>: rejected records in full.</summary>
internal sealed class QuarantineShowCommand : LakeCommand
{
    private readonly Argument<QuarantineRange[]> _records = QuarantineRecords.Argument("Which ones, as `list` prints them: 412.3, 412.3..415.0 or 412 (all if none)");
    private readonly Option<bool> _raw = new("--raw") { Description = "Print the bytes as they came and nothing else; a line end follows each of several records" };
    private readonly FormatOption _format;

    public QuarantineShowCommand(Terminal terminal)
        : base("show", "Show rejected records in full: their bytes, why, where and when.", terminal)
    {
        Arguments.Add(_records);
        Options.Add(_raw);
        _format = new FormatOption(this, OutputFormat.Ndjson, OutputFormat.Table, OutputFormat.Csv, OutputFormat.Json, OutputFormat.Ndjson);
    }

    public override IReadOnlyList<string> Examples =>
        ["lake quarantine show 412.3", "lake quarantine show 412.3 --raw > record.json", "lake quarantine show 412.0..415.9 --format ndjson > fixes.ndjson"];

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        QuarantineRange[] wanted = parsed.GetValue(_records) ?? [];
        LakeReader reader = LakeReader.Open(GlobalOptions.PathOf(parsed));
        QuarantineEntry[] entries = [.. reader.Quarantine(wanted.Length == 0 ? null : wanted)];
        foreach (QuarantineRange range in wanted.Where(range => !entries.Any(entry => range.Contains(entry.Id))))
        {
            throw new LakeException(LakeFailure.Failed, $"There is no rejected record {range}; `lake quarantine list` shows which there are.");
        }

        OutputFormat format = _format.Of(parsed, Terminal);
        if (parsed.GetValue(_raw))
        {
            WriteRaw(entries);
        }
        else if (format == OutputFormat.Table)
        {
            foreach (QuarantineEntry entry in entries)
            {
                QuarantineText.WriteInFull(Terminal.Out, entry);
            }
        }
        else
        {
            QuarantineText.WriteAll(Terminal.Output, entries, format, cancellationToken);
        }

        return Task.FromResult(ExitCode.Done);
    }

    private void WriteRaw(QuarantineEntry[] entries)
    {
        using BufferedStream buffered = new(new LeaveOpenStream(Terminal.Output), 64 * 1024);
        foreach (QuarantineEntry entry in entries)
        {
            buffered.Write(entry.Rejection.Raw);
            if (entries.Length > 1)
            {
                buffered.WriteByte((byte)'\n');
            }
        }
    }
}
