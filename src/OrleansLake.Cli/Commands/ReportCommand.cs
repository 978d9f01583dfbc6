using System.CommandLine;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Engine;
using OrleansLake.Storage;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake report</c>: a report as of the last commit.</summary>
internal sealed class ReportCommand : LakeCommand
{
    private readonly Argument<string> _name = new("REPORT")
    {
        Description = "report1: events by date and channel; report2: messages by user; ledger: the counts in all and by date",
    };

    private readonly ParsedOption<long?> _limit = ParsedOption.Count("--limit", "Print the first N rows (table only)", 1);
    private readonly FormatOption _format;

    public ReportCommand(Terminal terminal)
        : base("report", "Print a report as of the last commit.", terminal)
    {
        _name.AcceptOnlyFromAmong([.. GoldFiles.Names(LakeReports.All)]);
        Arguments.Add(_name);
        _format = new FormatOption(this, OutputFormat.Ndjson, Enum.GetValues<OutputFormat>());
        Options.Add(_limit);
    }

    public override IReadOnlyList<string> Examples =>
        ["lake report report1", "lake report report2 --limit 10", "lake report report1 --format ndjson | jq .total", "lake report ledger"];

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        OutputFormat format = _format.Of(parsed, Terminal);
        if (format == OutputFormat.Parquet && Terminal.IsOutputTerminal)
        {
            throw new UsageException("a terminal cannot show Parquet; send it to a file: lake report ... --format parquet > report.parquet");
        }

        LakeReader reader = LakeReader.Open(GlobalOptions.PathOf(parsed));
        if (parsed.GetValue(_name) == LakePaths.Ledger)
        {
            LedgerTableText.Write(reader.LedgerTable(), format, Terminal);
            return Task.FromResult(ExitCode.Done);
        }

        ReportTable table = reader.Report(parsed.GetValue(_name)!);
        bool isEmpty = table.RowCount == 0;
        if ((Waiting(reader) ?? (isEmpty ? WhyEmpty(reader) : null)) is { } reason)
        {
            Terminal.Error.WriteLine($"lake: the report is {(isEmpty ? "empty" : "behind")}: {reason}");
        }

        if (format == OutputFormat.Table)
        {
            int rows = (int)Math.Min(_limit.Of(parsed) ?? int.MaxValue, table.RowCount);
            DrawnTables.Write(Terminal, ReportText.Table(table, rows));
            if (rows < table.RowCount)
            {
                Terminal.Error.WriteLine($"{Figures.Count(table.RowCount - rows, "more row")}.");
            }
        }
        else
        {
            ReportText.Write(table, format, Terminal.Output);
        }

        return Task.FromResult(ExitCode.Done);
    }

    private static string? Waiting(LakeReader reader) => reader.UnpublishedCount() is > 0 and var waiting
        ? $"{Figures.Count(waiting, "message")} in the log {(waiting == 1 ? "waits" : "wait")} to be published, which a server does by itself and `lake run --until-caught-up` at once." : null;

    // Null: nothing has come in.
    private static string? WhyEmpty(LakeReader reader)
    {
        LedgerCounts counts = reader.Ledger.Total;
        return counts.MessagesCorrupted + counts.Rejected == 0 ? null
            : $"{Figures.Count(counts.MessagesCorrupted, "message")} without an event type {(counts.MessagesCorrupted == 1 ? "is" : "are")} in silver/messages_corrupted, and {Figures.Count(counts.Rejected, "record")} rejected (`lake quarantine list`).";
    }
}
