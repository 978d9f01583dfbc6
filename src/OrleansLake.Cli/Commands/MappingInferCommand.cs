using System.CommandLine;
using System.Globalization;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Core;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine;
using OrleansLake.Engine.Ingest;
using OrleansLake.Parquet;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake mapping infer</c>: prints the mapping that a sample of records suggests, and what is not sure about it.</summary>
internal sealed class MappingInferCommand : LakeCommand
{
    private const int DefaultCount = 1000;

    private readonly Argument<string[]> _what = MappingNames.NameAndFile("a file of records, or - for stdin");
    private readonly ParsedOption<int?> _count = ParsedOption.Number("--count", $"How many records to look at ({DefaultCount} if not)", 100_000);
    private readonly ParsedOption<IngestFormat?> _format = IngestCommand.NewFormat();
    private readonly IdTypeOptions _ids;
    private readonly MappingTarget _target;

    public MappingInferCommand(Terminal terminal)
        : base("infer", "Propose a mapping for the records of a file.", terminal)
    {
        Arguments.Add(_what);
        Options.Add(_count);
        Options.Add(_format);
        _ids = new IdTypeOptions(this, IdTypeOptions.NewLake);
        _target = new MappingTarget(this, "admin and the scope read");
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "The mapping goes to stdout, and what is not sure about it to stderr, a line each: fields that",
        "are found nowhere, names and formats that fit as well, values that the lake does not know,",
        "and where there is no lake what it is to be created with: ids that are text, say.",
        "Nothing is kept: `lake mapping set` does that. The exit code is 1 if no record would be taken.",
    ];

    public override IReadOnlyList<string> Examples => ["lake mapping infer events.ndjson > mapping.json", "head -1000 hooks.csv | lake mapping infer sendgrid - > sendgrid.json"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        (string name, string file) = MappingNames.Split(parsed.GetValue(_what)!);
        MappingNames.Checked(name);
        TrialLake? lake = await _target.ForTrialAsync(parsed, cancellationToken).ConfigureAwait(false);
        IdTypes ids = _ids.Of(parsed, lake);
        file = SystemPath.Of(file);
        using Stream from = await PipeInput.OpenAnyAsync(file, cancellationToken).ConfigureAwait(false);
        MappingProposal proposal;
        try
        {
            proposal = MappingProposal.Read(from, file, lake?.TimeZone ?? LakeTimeZone.Utc, lake is null ? _ids.UserOf(parsed) : ids.User, lake is null ? _ids.CountryOf(parsed) : ids.Country, _format.Of(parsed), _count.Of(parsed) ?? DefaultCount);
        }
        catch (Exception e) when (e is InvalidDataException or ParquetException)
        {
            throw new LakeException(LakeFailure.Failed, e is ParquetException ? e.Message : $"{PipeInput.NameOf(file)}: {e.Message}", e);
        }

        Terminal.Out.Write(proposal.Text);
        foreach (string doubt in proposal.Doubts)
        {
            Terminal.Error.WriteLine(DisplayWidth.Printable(doubt));
        }

        Terminal.Error.WriteLine(DisplayWidth.Printable(Describe(proposal)));
        string of = name == MessageMapping.DefaultName ? "" : $"{name} ";
        string replaces = lake?.Mappings.ContainsKey(name) == true ? ", in place of the one that it has" : "";
        Terminal.Error.WriteLine($"`lake mapping test --mapping FILE{(lake is null ? proposal.IdOptions : "")}` shows what it does, once it is in a file; `lake mapping set {of}FILE` keeps it in the lake{replaces}.");
        return proposal.Taken > 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static string Describe(MappingProposal proposal)
    {
        if (proposal.Refusal is { } refusal)
        {
            return $"It would be refused as it is: {refusal}.";
        }

        string rejected = proposal.Rejections is not [var first, ..] ? ""
            : string.Create(CultureInfo.InvariantCulture, $", and {proposal.Rejections.Count:N0} rejected, such as record {first.Record}: {first.Detail.TrimEnd('.')}");
        return $"Looked at {Counted.Of(proposal.Records, "record")}: {Counted.Of(proposal.Taken, "message")} would be taken{rejected}.";
    }
}
