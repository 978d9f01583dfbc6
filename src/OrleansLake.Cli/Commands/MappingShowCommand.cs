using System.CommandLine;
using OrleansLake.Cli.Output;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake mapping show</c>: prints the file of a mapping.</summary>
internal sealed class MappingShowCommand : LakeCommand
{
    private readonly Argument<string> _name = MappingNames.Name();

    private readonly MappingTarget _target;

    public MappingShowCommand(Terminal terminal)
        : base("show", "Print the file of a mapping, as it was given.", terminal)
    {
        Arguments.Add(_name);
        _target = new MappingTarget(this);
    }

    public override IReadOnlyList<string> Examples => ["lake mapping show", "lake mapping show sendgrid > sendgrid.json"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string name = MappingNames.Checked(parsed.GetValue(_name)!);
        if (!(await _target.GetAsync(parsed, cancellationToken).ConfigureAwait(false)).TryGetValue(name, out string? text))
        {
            throw new LakeException(LakeFailure.Failed, $"There is no mapping {name}; `lake mapping list` shows those that there are.");
        }

        Terminal.Out.Write(text.EndsWith('\n') ? text : text + "\n");
        return ExitCode.Done;
    }
}
