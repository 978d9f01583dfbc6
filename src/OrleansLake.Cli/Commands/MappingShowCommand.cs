using System.CommandLine;
using OrleansLake.Cli.Output;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake mapping show</c>: prints the file of a mapping.</summary>
internal sealed class MappingShowCommand : LakeCommand
{
    private readonly Argument<string> _name = MappingNames.Name();

    public MappingShowCommand(Terminal terminal)
        : base("show", "Print the file of a mapping, as it was given.", terminal)
    {
        Arguments.Add(_name);
    }

    public override IReadOnlyList<string> Examples => ["lake mapping show", "lake mapping show sendgrid > sendgrid.json"];

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string text = MappingNames.Find(LakeReader.Open(GlobalOptions.PathOf(parsed)).Mappings, MappingNames.Checked(parsed.GetValue(_name)!)).Text;
        Terminal.Out.Write(text.EndsWith('\n') ? text : text + "\n");
        return Task.FromResult(ExitCode.Done);
    }
}
