using System.CommandLine;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Core;
using OrleansLake.Core.State;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake check</c>: counts every file again and compares with the ledger.</summary>
internal sealed class CheckCommand : LakeCommand
{
    private const int RefusedMax = 10;

    private readonly FormatOption _format;
    private readonly Option<bool> _deep = new("--deep") { Description = "Verify everything: read every byte, count bronze again, and compare all else with it" };

    public CheckCommand(Terminal terminal)
        : base("check", "Count every file again and compare with the ledger.", terminal)
    {
        Options.Add(_deep);
        _format = new FormatOption(this, OutputFormat.Table, OutputFormat.Table, OutputFormat.Json);
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "bronze = messages + messages_corrupted, and deduplicated = the sum of each report.",
        "The exit code is 1 if anything differs, 3 if bytes are not what was written. It takes",
        "no lock: the lake may be written to meanwhile. Gold that is behind, because what wrote",
        "it was killed, and files in bronze that were refused or are left out are named; the lake",
        "is right.",
    ];

    public override IReadOnlyList<string> Examples => ["lake check", "lake check --deep", "lake check --lake /data/lake --format json"];

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        LakeReader reader = LakeReader.Open(GlobalOptions.PathOf(parsed));
        CheckResult result = parsed.GetValue(_deep) ? reader.CheckDeep() : reader.Check();
        if (_format.Of(parsed, Terminal) == OutputFormat.Json)
        {
            CheckText.WriteJson(LedgerOf(reader), result, Terminal.Output);
        }
        else
        {
            CheckText.Write(result, table => DrawnTables.Write(Terminal, table), Terminal.Out);
        }

        Terminal.Error.WriteLine(result.Passed ? "The lake is right."
            : result.IsOnlyBehind ? "The lake is right. Gold is behind: what wrote it ended before it could. `lake run` writes it now, and so does what runs the lake next."
            : result.IsDamaged ? "lake: the lake is damaged."
            : result.Findings.All(static finding => finding.IsRight || finding.IsBehind || finding.Name == CheckFinding.ExternalFile) ? "lake: the lake is right, but files that others put into bronze are to be settled."
            : "lake: the lake's files and its ledger differ.");
        if (!result.IsDamaged)
        {
            TellRefused(reader);
        }

        if (!result.IsDamaged && LedgerText.OpenRecords(reader.Ledger.Total.Rejected - reader.SettledCount()) is { Length: > 0 } open)
        {
            Terminal.Error.WriteLine(open);
        }

        return Task.FromResult(result.Passed || result.IsOnlyBehind ? ExitCode.Done : result.IsDamaged ? ExitCode.Damaged : ExitCode.Failed);
    }

    // The lake is right without them; those who put them there want to know.
    private void TellRefused(LakeReader reader)
    {
        ExternalFile[] refused = [.. reader.ExternalFiles().Where(static file => file.State is ExternalFileState.Refused or ExternalFileState.LeftOut or ExternalFileState.Known)];
        foreach (ExternalFile file in refused.Take(RefusedMax))
        {
            Terminal.Error.WriteLine(DisplayWidth.Printable(file.Describe()));
        }

        if (refused.Length > RefusedMax)
        {
            Terminal.Error.WriteLine($"{Figures.Count(refused.Length - RefusedMax, "more file")} refused, left out or known: `lake bronze list` shows all.");
        }
    }

    private static Ledger LedgerOf(LakeReader reader)
    {
        try
        {
            return reader.Ledger;
        }
        catch (CorruptDataException)
        {
            // It is among the findings.
            return Ledger.Empty;
        }
    }
}
