using System.CommandLine;
using OrleansLake.Cli.Demo;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Producing;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake demo</c>: the main job, to watch.</summary>
internal sealed class DemoCommand : LakeCommand
{
    private const long RateUnlessTold = 1_000;
    private static readonly TimeSpan TimeUnlessTold = TimeSpan.FromSeconds(20);

    private readonly ParsedOption<long?> _rate = ParsedOption.Count("--rate", "Messages a second (1000 if not)", 1);
    private readonly ParsedOption<TimeSpan?> _for = ParsedOption.Duration("--for", "For how long (20s if not)");
    private readonly LakeMakingOptions _making;

    public DemoCommand(Terminal terminal)
        : base("demo", "Watch made-up messages become a lake.", terminal)
    {
        Options.Add(_rate);
        Options.Add(_for);
        _making = new LakeMakingOptions(this, withTrigger: true);
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "Silver and gold follow by the trigger, and the report is live. A second demo on the",
        "same lake goes on from there.",
    ];

    public override IReadOnlyList<string> Examples => ["lake demo", "lake demo --rate 5000 --for 1m --lake ./my-lake"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string path = GlobalOptions.PathOf(parsed);
        ProductionLimit limit = new(null, _for.Of(parsed) ?? TimeUnlessTold, _rate.Of(parsed) ?? RateUnlessTold);
        await using Lake lake = await Lake.OpenAsync(_making.ToLakeOptions(parsed, path), cancellationToken).ConfigureAwait(false);
        await new DemoSession(lake, path, Terminal, TimeProvider.System).RunAsync(limit, seed: null, cancellationToken).ConfigureAwait(false);
        DemoResult.Write(lake, path, Terminal);
        return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }
}
