using System.CommandLine;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake replay</c>: rebuilds silver and gold from bronze.</summary>
internal sealed class ReplayCommand : LakeCommand
{
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask" };
    private readonly LakeCreationOptions _making;

    public ReplayCommand(Terminal terminal)
        : base("replay", "Rebuild silver and gold from bronze.", terminal)
    {
        Options.Add(_yes);
        _making = new LakeCreationOptions(this, withTrigger: false);
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "The new files are swapped in at once, and every Parquet file under silver and gold",
        "is replaced. A folder that Spark wrote becomes a lake this way.",
    ];

    public override IReadOnlyList<string> Examples => ["lake replay", "lake replay --yes --lake /data/spark-lake"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string path = GlobalOptions.PathOf(parsed);
        if (!parsed.GetValue(_yes) && !Ask(path))
        {
            Terminal.Error.WriteLine("Nothing was done.");
            return ExitCode.Done;
        }

        LakeOptions options = _making.ToLakeOptions(parsed, path) with { Adopt = AdoptKind.ToReplay };
        await using Lake lake = await Lake.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        using ProgressLine line = new(Terminal, TimeProvider.System);
        await lake.ReplayAsync(new ImmediateProgress<ReplayProgress>(report => line.Show(
            () => $"{Figures.Count(report.Done)} of {Figures.Count(report.Total, "message")} replayed",
            report.Total == 0 ? null : (double)report.Done / report.Total)), cancellationToken).ConfigureAwait(false);
        foreach (string notice in lake.TakeNotices())
        {
            line.Say(DisplayWidth.Printable(notice));
        }

        line.Say($"Replayed in {Figures.Time(line.Elapsed)}. {LedgerText.Sentence(lake.Status.Ledger)}");
        return ExitCode.Done;
    }

    private bool Ask(string path)
    {
        if (!Terminal.IsInputTerminal)
        {
            throw new UsageException("replay replaces every Parquet file under silver and gold; say --yes to do so without a question.");
        }

        Terminal.Error.Write($"This replaces every Parquet file under {path}/silver and {path}/gold by new ones made from bronze. Go on? [y/N] ");
        string? answer = Console.In.ReadLine();
        return answer?.Trim() is "y" or "Y" or "yes" or "Yes";
    }
}
