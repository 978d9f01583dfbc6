using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Producing;
using OrleansLake.Engine;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake produce</c>: the producer alone.</summary>
internal sealed class ProduceCommand : LakeCommand
{
    private const long DefaultCount = 1_000;
    private const string Notebook = "notebook";
    private const string Bench = "bench";

    private readonly Argument<string?> _destination = new("-")
    {
        Description = "NDJSON on stdout, which is the default",
        Arity = ArgumentArity.ZeroOrOne,
        Hidden = true,
    };

    private readonly ParsedOption<long?> _count = ParsedOption.Count("--count", "How many messages (1000 if nothing else says)", 0);
    private readonly ParsedOption<TimeSpan?> _for = ParsedOption.Duration("--for", "For how long");
    private readonly ParsedOption<long?> _rate = ParsedOption.Count("--rate", "Messages a second (as many as can be made if not)", 1);
    private readonly ParsedOption<long?> _seed = ParsedOption.Seed();

    private readonly Option<string> _profile = new("--profile")
    {
        Description = "notebook: like the notebook's producer; bench: to measure with",
        DefaultValueFactory = _ => Notebook,
    };

    private readonly Option<string?> _to = new("--to") { Description = "Into a lake's bronze", HelpName = "LAKE" };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "With --to: delete everything in the lake first" };
    private readonly Option<string?> _parquet = new("--parquet") { Description = "Parquet files into a folder, one a second if there is a rate", HelpName = "DIR" };
    private readonly LakeCreationOptions _making;

    public ProduceCommand(Terminal terminal)
        : base("produce", "Generate sample messages.", terminal)
    {
        _profile.AcceptOnlyFromAmong(Notebook, Bench);
        Arguments.Add(_destination);
        foreach (Option option in new Option[] { _count, _for, _rate, _seed, _profile, _to, _overwrite, _parquet })
        {
            Options.Add(option);
        }

        _making = new LakeCreationOptions(this, withTrigger: false, withThreads: false);
        Check(Validate);
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "NDJSON on stdout, which may be written - as well, or into a lake, or Parquet files.",
        "Some messages are duplicates, late, early or corrupted. The same seed and profile make",
        "the same messages, wherever they go and at whatever rate; without a seed they are new",
        "and of now. --profile bench: 30 % duplicates, 28.6 % corrupted, 16 % as many message",
        "ids as messages, 30 dates, 100 k users, uneven.",
    ];

    public override IReadOnlyList<string> Examples =>
    [
        "lake produce --count 1M --seed 1 > events.ndjson",
        "lake produce --rate 1000 --for 1m --to ./lake --overwrite",
        "lake produce --rate 1000 --parquet ./lake/bronze/messages/data",
    ];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        long? seed = _seed.Of(parsed);
        ProductionLimit limit = new(_count.Of(parsed), _for.Of(parsed), _rate.Of(parsed));
        if (limit is { Count: null, For: null, Rate: null })
        {
            limit = limit with { Count = DefaultCount };
        }

        IMessageProfile profile = parsed.GetValue(_profile) == Bench
            ? new BenchProfile(seed ?? Seeds.Fresh())
            : NotebookProfiles.Create(seed, limit, TimeProvider.System);
        long produced = parsed.GetValue(_to) is { } lake
            ? await ProduceIntoLakeAsync(parsed, SystemPath.Of(lake), profile, limit, cancellationToken).ConfigureAwait(false)
            : await ProduceAsync(profile, CreateSink(parsed, seed), limit, cancellationToken).ConfigureAwait(false);
        if (Terminal.IsErrorTerminal && !(Terminal.IsOutputTerminal && IsToStandardOutput(parsed)))
        {
            Terminal.Error.WriteLine($"{Figures.Count(produced, "message")} produced.");
        }

        return cancellationToken.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }

    private async Task<long> ProduceIntoLakeAsync(
        ParseResult parsed, string path, IMessageProfile profile, ProductionLimit limit, CancellationToken cancellationToken)
    {
        await using Lake lake = await Lake.OpenAsync(_making.ToLakeOptions(parsed, path), cancellationToken).ConfigureAwait(false);
        if (parsed.GetValue(_overwrite))
        {
            await lake.StartEmptyAsync(cancellationToken).ConfigureAwait(false);
        }

        return await ProduceAsync(profile, new LakeSink(lake), limit, cancellationToken).ConfigureAwait(false);
    }

    private async Task<long> ProduceAsync(IMessageProfile profile, IMessageSink sink, ProductionLimit limit, CancellationToken cancellationToken)
    {
        MessageProducer producer;
        await using (sink.ConfigureAwait(false))
        {
            producer = new MessageProducer(profile, sink, TimeProvider.System);
            Task producing = Task.Run(() => producer.RunAsync(limit, cancellationToken), CancellationToken.None);
            if (sink is not NdjsonSink)
            {
                await ShowAsync(producing, producer, limit).ConfigureAwait(false);
            }

            await producing.ConfigureAwait(false);
        }

        return producer.Produced;
    }

    private async Task ShowAsync(Task producing, MessageProducer producer, ProductionLimit limit)
    {
        using ProgressLine line = new(Terminal, TimeProvider.System);
        long? count = limit.Rate is { } rate && limit.For is not null ? limit.CountAtRate(rate) : limit.Count;
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        while (!producing.IsCompleted)
        {
            line.Show(
                () => $"{Figures.Count(producer.Produced, "message")}  {Figures.Rate(producer.Produced / Math.Max(0.001, line.Elapsed.TotalSeconds))}",
                count is > 0 ? (double)producer.Produced / count : null);
            await Task.WhenAny(producing, timer.WaitForNextTickAsync().AsTask()).ConfigureAwait(false);
        }
    }

    private IMessageSink CreateSink(ParseResult parsed, long? seed) => parsed.GetValue(_parquet) is { } folder
        ? new ParquetFolderSink(SystemPath.Of(folder), seed ?? Seeds.Fresh())
        : new NdjsonSink(Terminal.Output);

    private bool IsToStandardOutput(ParseResult parsed) => parsed.GetValue(_to) is null && parsed.GetValue(_parquet) is null;

    private void Validate(CommandResult result)
    {
        if (result.GetResult(_count) is not null && result.GetResult(_for) is not null)
        {
            result.AddError("--count and --for exclude each other.");
        }

        bool isToLake = result.GetResult(_to) is not null;
        bool isToFolder = result.GetResult(_parquet) is not null;
        bool isToStdout = result.GetResult(_destination) is { Tokens.Count: > 0 };
        if (isToStdout && result.GetValue(_destination) != "-")
        {
            result.AddError($"'{result.GetValue(_destination)}' is not a place to produce to: give --to LAKE, --parquet DIR or -.");
        }

        if ((isToLake ? 1 : 0) + (isToFolder ? 1 : 0) + (isToStdout ? 1 : 0) > 1)
        {
            result.AddError("--to, --parquet and - exclude each other.");
        }

        if (!isToLake && (result.GetValue(_overwrite) || _making.IsAnyGiven(result)))
        {
            result.AddError("--overwrite, --time-zone, --countries and --partitions need --to LAKE.");
        }
    }
}
