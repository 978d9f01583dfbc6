using System.CommandLine;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake check</c>: counts every file again and compares with the ledger.</summary>
internal sealed class CheckCommand : LakeCommand
{
    private readonly FormatOption _format;

    public CheckCommand(Terminal terminal)
        : base("check", "Count every file again and compare with the ledger.", terminal) =>
        _format = new FormatOption(this, OutputFormat.Table, OutputFormat.Table, OutputFormat.Json);

    public override IReadOnlyList<string> Remarks =>
    [
        "bronze = messages + messages_corrupted, and deduplicated = the sum of each report.",
        "The exit code is 1 if anything differs.",
    ];

    public override IReadOnlyList<string> Examples => ["lake check", "lake check --lake /data/lake --format json"];

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        LakeReader reader = LakeReader.Open(GlobalOptions.PathOf(parsed));
        CheckResult result = reader.Check();
        if (_format.Of(parsed, Terminal) == OutputFormat.Json)
        {
            CheckText.WriteJson(reader.Ledger, result, Terminal.Output);
        }
        else
        {
            DrawnTables.Write(Terminal, CheckText.Table(result));
        }

        Terminal.Error.WriteLine(result.Passed ? "The lake is right." : "lake: the lake's files and its ledger differ.");
        if (LedgerText.OpenRecords(reader.Ledger.Total.Rejected - reader.MendedCount()) is { Length: > 0 } open)
        {
            Terminal.Error.WriteLine(open);
        }

        return Task.FromResult(result.Passed ? ExitCode.Done : ExitCode.Failed);
    }
}
