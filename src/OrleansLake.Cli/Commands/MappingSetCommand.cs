using System.CommandLine;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Core.Mapping;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake mapping set</c>: keeps a mapping in the lake.</summary>
internal sealed class MappingSetCommand : LakeCommand
{
    private readonly Argument<string[]> _what = MappingNames.NameAndFile("its file, or - for stdin");

    private readonly MappingTarget _target;

    public MappingSetCommand(Terminal terminal)
        : base("set", "Keep a mapping in the lake, in place of one of its name.", terminal)
    {
        Arguments.Add(_what);
        _target = new MappingTarget(this);
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "What is ingested or sent from then on goes through the mapping called default, unless",
        "another is named (--mapping NAME, ?mapping=NAME). What is in the lake stays as it is.",
        "The file: docs/mappings.md. `lake mapping test` shows what a file would do.",
    ];

    public override IReadOnlyList<string> Examples => ["lake mapping set mapping.json", "lake mapping set sendgrid sendgrid.json --url http://127.0.0.1:5080"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        (string name, string file) = MappingNames.Split(parsed.GetValue(_what)!);
        MappingNames.Checked(name);
        MessageMapping mapping = await MappingFile.ReadAsync(file, GlobalOptions.PathOf(parsed), cancellationToken).ConfigureAwait(false);
        await _target.SetAsync(parsed, name, mapping, cancellationToken).ConfigureAwait(false);
        Terminal.Error.WriteLine($"The lake has the mapping {name} now.");
        return ExitCode.Done;
    }
}
