using System.CommandLine;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake mapping remove</c>: removes a mapping from the lake.</summary>
internal sealed class MappingRemoveCommand : LakeCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "The mapping's name" };

    private readonly MappingTarget _target;

    public MappingRemoveCommand(Terminal terminal)
        : base("remove", "Remove a mapping from the lake.", terminal)
    {
        Arguments.Add(_name);
        _target = new MappingTarget(this);
    }

    public override IReadOnlyList<string> Examples => ["lake mapping remove sendgrid"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string name = MappingNames.Checked(parsed.GetValue(_name)!);
        bool wasThere = await _target.RemoveAsync(parsed, name, cancellationToken).ConfigureAwait(false);
        Terminal.Error.WriteLine(wasThere ? $"The mapping {name} is removed." : $"There is no mapping {name}.");
        return wasThere ? ExitCode.Done : ExitCode.Failed;
    }
}
