using System.CommandLine;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Core.Time;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake quarantine replay</c>: sends rejected records again, as they came or corrected, once.</summary>
internal sealed class QuarantineReplayCommand : LakeCommand
{
    private const int FailuresMax = 20;
    private const int DetailMax = 720;

    private readonly Argument<QuarantineRange[]> _records = QuarantineRecords.Argument("Which ones, as `list` prints them: 412.3, 412.3..415.0 or 412 (all that are open if none)");
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Dry run: only print what would become of them" };
    private readonly Option<string?> _fix = new("--fix")
    {
        Description = "What takes their place: `list --format ndjson` with each `raw` corrected, or the messages themselves for one ID (a pipe, or - for stdin)",
        HelpName = "FILE",
    };

    private readonly Option<string?> _mapping = new("--mapping")
    {
        Description = "How they become messages: a mapping of the lake, a file, or none (if not given, each through the mapping through which it was read before)",
        HelpName = "NAME|FILE|none",
    };

    private readonly ParsedOption<TimestampFormat?> _timestampFormat = TimestampFormatOption.New();

    public QuarantineReplayCommand(Terminal terminal)
        : base("replay", "Send rejected records again, as they came or corrected.", terminal)
    {
        Arguments.Add(_records);
        Options.Add(_fix);
        Options.Add(_mapping);
        Options.Add(_timestampFormat);
        Options.Add(_dryRun);
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "What is a message now is accepted, and its record is closed: it is never sent twice,",
        "whenever this is stopped or repeated. The rest stays open and makes the exit code 1.",
        "A line of FILE is {\"id\":\"412.3\",\"raw\":\"...\"} or {\"id\":\"412.3\",\"message\":{...}};",
        "records that it does not have stay open. A CSV record is corrected as JSON. Where the lake",
        "has mappings, what takes a record's place may be of the source's shape, or a message.",
        "One record may become several messages, all or none of them: \"messages\":[{...},{...}],",
        "several lines of its id, or several objects (or an array) in FILE for one ID.",
        "With --timestamp-format those are sent whose timestamps could not be read, as they came;",
        "rows of a table are read by `lake ingest FILE --timestamp-format FORMAT` instead.",
    ];

    public override IReadOnlyList<string> Examples =>
    [
        "lake quarantine replay",
        "lake quarantine list --open --format ndjson | sed 's/msg_id/message_id/g' > fixes.ndjson",
        "lake quarantine replay --fix fixes.ndjson",
        "lake quarantine replay --timestamp-format epoch-ms",
        "lake quarantine replay --mapping sendgrid",
        "lake quarantine show 412.3 --raw > one.json; edit one.json; lake quarantine replay 412.3 --fix one.json",
    ];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        QuarantineRange[] wanted = parsed.GetValue(_records) ?? [];
        QuarantineReplayOptions options = new()
        {
            Wanted = wanted,
            Fixes = parsed.GetValue(_fix) is { } file ? await FixFile.ReadAsync(file, wanted, cancellationToken).ConfigureAwait(false) : null,
            TimestampFormat = _timestampFormat.Of(parsed),
            IsDryRun = parsed.GetValue(_dryRun),
        };
        string path = GlobalOptions.PathOf(parsed);
        await using Lake lake = await Lake.OpenAsync(new LakeOptions { Path = path }, cancellationToken).ConfigureAwait(false);
        options = options with { Mapping = parsed.GetValue(_mapping) is { } given ? await MappingNames.FindAsync(lake.Mappings, given, path, cancellationToken).ConfigureAwait(false) : null };
        QuarantineReplaySummary summary = await lake.ReplayQuarantineAsync(options, cancellationToken).ConfigureAwait(false);
        if (summary.Replayed > 0 && !options.IsDryRun)
        {
            await lake.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        Write(summary, options.IsDryRun, lake.Status.RejectedUnresolved);
        return summary.IsComplete ? ExitCode.Done : ExitCode.Failed;
    }

    private void Write(QuarantineReplaySummary summary, bool isDryRun, long open)
    {
        TextWriter writer = Terminal.Error;
        string verb = isDryRun ? "would be replayed" : "replayed";
        string before = summary.ReplayedBefore == 0 ? "" : $" {Figures.Count(summary.ReplayedBefore)} were replayed before.";
        writer.WriteLine($"{Figures.Count(summary.Replayed, "record")} {verb} ({Figures.Count(summary.Accepted, "message")}); {Figures.Count(open)} open in quarantine.{before}");
        foreach (QuarantineReplayFailure failure in summary.Failures.Take(FailuresMax))
        {
            writer.WriteLine($"  {failure.Id}  {ReasonText.Code(failure.Reason)}  {DisplayWidth.Shorten(DisplayWidth.Printable(failure.Detail), DetailMax)}");
        }

        if (summary.Failures.Count > FailuresMax)
        {
            writer.WriteLine($"  and {Figures.Count(summary.Failures.Count - FailuresMax, "more record")} that cannot be a message.");
        }

        foreach (QuarantineRange range in summary.EmptyRanges.Take(FailuresMax))
        {
            writer.WriteLine($"  {range}  there is no record in it");
        }

        foreach (Storage.QuarantineId id in summary.Unknown.Take(FailuresMax))
        {
            writer.WriteLine($"  {id}  there is no such record");
        }
    }
}
