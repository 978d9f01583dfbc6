using System.CommandLine;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake run</c>: bronze to silver to gold, continuously.</summary>
internal sealed class RunCommand : LakeCommand
{
    private readonly ParsedOption<TimeSpan?> _for = ParsedOption.Duration("--for", "Stop after a time");
    private readonly Option<bool> _untilCaughtUp = new("--until-caught-up") { Description = "Stop when everything in bronze is published" };
    private readonly LakeCreationOptions _making;

    public RunCommand(Terminal terminal)
        : base("run", "Turn bronze into silver and gold, continuously.", terminal)
    {
        Options.Add(_for);
        Options.Add(_untilCaughtUp);
        _making = new LakeCreationOptions(this, withTrigger: true, withMapping: true);
        Check(result =>
        {
            if (result.GetResult(_for) is not null && result.GetValue(_untilCaughtUp))
            {
                result.AddError("--for and --until-caught-up exclude each other.");
            }
        });
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "ctrl-C commits and stops. Parquet files that another program adds to the folder",
        "bronze/messages/data are ingested too, each whole file once, in the order of",
        "modification time and name.",
    ];

    public override IReadOnlyList<string> Examples => ["lake run", "lake run --trigger 1s --for 10m", "lake run --until-caught-up"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        LakeOptions options = _making.ToLakeOptions(parsed, GlobalOptions.PathOf(parsed)) with { Adopt = AdoptKind.BronzeOnly };
        await using Lake lake = await Lake.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        using ProgressLine line = new(Terminal, TimeProvider.System);
        if (!parsed.GetValue(_untilCaughtUp))
        {
            line.Say($"Publishing {options.Path} every {Figures.Time(options.Trigger)}; ctrl-C commits and stops.{(lake.Reports.Ids.AreDefault ? "" : $" Its ids are {lake.Reports.Ids.Shown}.")}");
        }

        RunOptions run = new() { For = _for.Of(parsed), UntilCaughtUp = parsed.GetValue(_untilCaughtUp) };
        Task<RunSummary> running = lake.RunAsync(run, new ImmediateProgress<RunProgress>(report => line.Say(report.Notice)), cancellationToken);
        await StatusText.ShowUntilAsync(running, lake, line).ConfigureAwait(false);
        RunSummary summary = await running.ConfigureAwait(false);
        LakeStatus status = lake.Status;
        line.Say($"Published up to {Figures.Count(status.Published, "message")} (commit {status.CommitNumber}). {LedgerText.Sentence(status.Ledger)}");
        if (LedgerText.OpenRecords(status.RejectedUnresolved) is { Length: > 0 } open)
        {
            line.Say(open);
        }

        if (summary.UnreadableFiles.Count > 0)
        {
            // Each was reported when it was found.
            line.Say($"lake: {(summary.UnreadableFiles.Count == 1 ? "1 file or folder in bronze is" : $"{Figures.Count(summary.UnreadableFiles.Count)} files or folders in bronze are")} not ingested; `lake bronze list` shows which.");
        }

        return summary.UnreadableFiles.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
