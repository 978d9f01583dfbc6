using System.CommandLine;
using System.Text;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Producing;
using OrleansLake.Cli.Results;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine;
using OrleansLake.Engine.Ingest;
using OrleansLake.Storage.Stores;
using OrleansLake.Storage.TimeZones;
using ShownText = OrleansLake.Core.Parsing.ShownText;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake mapping test</c>: prints the first records of a file before and after a mapping; stores nothing.</summary>
internal sealed class MappingTestCommand : LakeCommand
{
    private const int DefaultCount = 10;

    private readonly Argument<string[]> _what = MappingNames.NameAndFile("a file of records");
    private readonly Option<string?> _mapping = new("--mapping") { Description = "The file of a mapping that the lake does not have", HelpName = "FILE" };
    private readonly ParsedOption<int?> _count = ParsedOption.Number("--count", $"How many records ({DefaultCount} if not)", 1_000_000);
    private readonly ParsedOption<IngestFormat?> _format = IngestCommand.NewFormat();
    private readonly ParsedOption<TimestampFormat?> _timestampFormat = TimestampFormatOption.New();
    private readonly ParsedOption<string?> _timeZone = LakeCreationOptions.NewTimeZone(IdTypeOptions.NewLake);
    private readonly IdTypeOptions _ids;
    private readonly MappingTarget _target;

    public MappingTestCommand(Terminal terminal)
        : base("test", "Show the first records of a file before and after a mapping.", terminal)
    {
        Arguments.Add(_what);
        Options.Add(_mapping);
        Options.Add(_count);
        Options.Add(_format);
        Options.Add(_timestampFormat);
        Options.Add(_timeZone);
        _ids = new IdTypeOptions(this, IdTypeOptions.NewLake);
        _target = new MappingTarget(this, "admin and the scope read");
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "Two lines a record: as it is (<), and the message that `lake ingest` makes of it (>) or why",
        "it rejects it (!), with its attributes where the lake keeps them. Nothing is stored. The exit",
        "code is 1 if a record is rejected.",
        "On stderr is what `lake ingest` would note of them: fields that they have nowhere, and what of them is in no column.",
    ];

    public override IReadOnlyList<string> Examples => ["lake mapping test events.ndjson", "lake mapping test --mapping draft.json events.csv --count 100", "lake mapping test sendgrid hook.json --url http://localhost:5080"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        (string name, string file) = MappingNames.Split(parsed.GetValue(_what)!);
        string path = GlobalOptions.PathOf(parsed);
        if (parsed.GetValue(_mapping) is null && !MessageMapping.IsName(name))
        {
            throw new UsageException($"'{name}' is not a mapping's name{(File.Exists(name) ? $", but there is such a file: lake mapping test --mapping {name} {file}" : "; a file's name is given by --mapping FILE")}");
        }

        TrialLake? lake = await _target.ForTrialAsync(parsed, cancellationToken).ConfigureAwait(false);
        LakeTimeZone zone = _timeZone.Of(parsed) is { } id ? TimeZoneFiles.Load(id) : lake?.TimeZone ?? LakeTimeZone.Utc;
        if (lake is not null && zone.Id != lake.TimeZone.Id)
        {
            throw new UsageException($"the lake's time zone is {lake.TimeZone.Id}: leave --time-zone out");
        }

        IdTypes ids = _ids.Of(parsed, lake);
        MessageMapping mapping = parsed.GetValue(_mapping) is { } draft ? await MappingFile.ReadAsync(draft, ids, cancellationToken).ConfigureAwait(false)
            : lake is null ? MappingNames.Find(LakeReader.Open(path).Mappings, name) : lake.Find(name);
        IngestOptions options = new() { Mapping = mapping, Format = _format.Of(parsed), TimestampFormat = _timestampFormat.Of(parsed) };
        var notes = new TrialNotes(SourceName.Of(SystemPath.Of(file)), lake?.Keep ?? KeptFields.None);
        bool isAllTaken = true;
        using Stream from = await PipeInput.OpenAnyAsync(file, cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (TriedRecord record in MappingTrial.Read(from, file, zone, options, ids, notes).Take(_count.Of(parsed) ?? DefaultCount))
            {
                Write(record);
                isAllTaken &= record.Rejections.Count == 0;
            }
        }
        catch (InvalidDataException e)
        {
            throw new LakeException(LakeFailure.Failed, $"{file}: {e.Message}.", e);
        }

        foreach (string note in notes.Sentences(mapping))
        {
            Terminal.Error.WriteLine($"note: {DisplayWidth.Printable(note)}");
        }

        return isAllTaken ? ExitCode.Done : ExitCode.Failed;
    }

    private void Write(TriedRecord record)
    {
        Terminal.Out.WriteLine($"< {ShownText.Of(record.Raw)}");
        var text = new System.Buffers.ArrayBufferWriter<byte>();
        MessageNdjson.Write(record.Messages, text);
        foreach ((int row, string line) in Encoding.UTF8.GetString(text.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries).Index())
        {
            string attributes = record.Messages.Kept is { } kept && !kept.Attributes.IsNull(row) ? $",\"{KeptColumns.AttributesName}\":{Encoding.UTF8.GetString(kept.Attributes[row])}}}" : "}";
            Terminal.Out.WriteLine($"> {DisplayWidth.Printable(line[..^1] + attributes)}");
        }

        foreach (Rejection rejection in record.Rejections)
        {
            Terminal.Out.WriteLine($"! {ReasonText.Code(rejection.Reason)}: {DisplayWidth.Printable(rejection.Detail)}");
        }
    }
}
