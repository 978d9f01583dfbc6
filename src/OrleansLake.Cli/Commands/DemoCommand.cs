using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansLake.Cli.Demo;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Producing;
using OrleansLake.Engine;
using OrleansLake.Storage;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake demo</c>: the main job, to watch.</summary>
internal sealed class DemoCommand : LakeCommand
{
    private const long DefaultRate = 1_000;
    private const int SilosMax = 16;
    private const int PartitionsOfSilos = 16;
    private static readonly TimeSpan DefaultTime = TimeSpan.FromSeconds(20);

    private readonly ParsedOption<long?> _rate = ParsedOption.Count("--rate", "Messages a second (1000 if not)", 1);
    private readonly ParsedOption<TimeSpan?> _for = ParsedOption.Duration("--for", "For how long (20s if not)");
    private readonly ParsedOption<long?> _count = ParsedOption.Count("--count", "How many messages, instead of a time", 1);
    private readonly ParsedOption<long?> _seed = ParsedOption.Seed();
    private readonly ParsedOption<int?> _silos = ParsedOption.Of<int?>("--silos", "By N silos, each a process on this machine (in this process if not)", "N", ParseSilos);
    private readonly Option<bool> _kill = new("--kill") { Description = "With --silos: kill a silo in the middle, and start it again" };
    private readonly LakeCreationOptions _making;

    public DemoCommand(Terminal terminal)
        : base("demo", "Watch generated messages become a lake.", terminal)
    {
        Options.Add(_rate);
        Options.Add(_for);
        Options.Add(_count);
        Options.Add(_seed);
        Options.Add(_silos);
        Options.Add(_kill);
        _making = new LakeCreationOptions(this, withTrigger: true);
        Validators.Add(Validate);
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "Silver and gold follow by the trigger, and the report is live. A second demo on the",
        "same lake continues from there. The same seed and count on new lakes give the same",
        "reports, in this process and by silos.",
    ];

    public override IReadOnlyList<string> Examples =>
        ["lake demo", "lake demo --rate 5000 --for 1m --lake ./my-lake", "lake demo --silos 3 --kill --count 20000 --seed 7"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string path = GlobalOptions.PathOf(parsed);
        long? count = _count.Of(parsed);
        ProductionLimit limit = new(count, _for.Of(parsed) ?? (count is null ? DefaultTime : null), _rate.Of(parsed) ?? DefaultRate);
        LakeOptions options = _making.ToLakeOptions(parsed, path);
        if (_silos.Of(parsed) is { } silos)
        {
            await RunSilosAsync(options, silos, parsed.GetValue(_kill), limit, parsed, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await using Lake lake = await Lake.OpenAsync(options, cancellationToken).ConfigureAwait(false);
            await RunAsync(new EmbeddedDemoLake(lake), path, limit, parsed, cancellationToken).ConfigureAwait(false);
        }

        DemoResult.Write(LakeReader.Open(path), path, Terminal);
        return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    private async Task RunSilosAsync(LakeOptions options, int silos, bool kills, ProductionLimit limit, ParseResult parsed, CancellationToken cancellationToken)
    {
        await MakeAsync(options, cancellationToken).ConfigureAwait(false);
        await using SiloDemoLake lake = await SiloDemoLake.StartAsync(options, silos, Terminal, cancellationToken).ConfigureAwait(false);
        if (kills)
        {
            lake.KillAt = lake.Status.Accepted + (limit.CountAtRate(limit.Rate!.Value) / 2);
        }

        await RunAsync(lake, options.Path, limit, parsed, cancellationToken).ConfigureAwait(false);
        await lake.StopAsync().ConfigureAwait(false);
    }

    // Here and not by the silos, so that what a lake is created with is reported, and refused, as with any command.
    private static async Task MakeAsync(LakeOptions options, CancellationToken cancellationToken)
    {
        bool isThere = File.Exists(Path.Combine(options.Path, LakePaths.Description));
        LakeOptions making = isThere ? options : options with { Partitions = options.Partitions ?? PartitionsOfSilos };
        await using Lake lake = await Lake.OpenAsync(making, cancellationToken).ConfigureAwait(false);
    }

    private Task RunAsync(IDemoLake lake, string path, ProductionLimit limit, ParseResult parsed, CancellationToken cancellationToken) =>
        new DemoSession(lake, path, Terminal, TimeProvider.System).RunAsync(limit, _seed.Of(parsed), cancellationToken);

    private void Validate(CommandResult result)
    {
        if (result.GetResult(_count) is not null && result.GetResult(_for) is not null)
        {
            result.AddError("--count and --for exclude each other.");
        }

        if (result.GetResult(_kill) is not null && result.GetResult(_silos) is null)
        {
            result.AddError("--kill kills a silo: give --silos N with it.");
        }
    }

    private static int? ParseSilos(string text, out string? error)
    {
        bool isRight = int.TryParse(text, out int silos) && silos is >= 2 and <= SilosMax;
        error = isRight ? null : $"expected a number from 2 to {SilosMax}";
        return silos;
    }
}
