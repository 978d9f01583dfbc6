using System.CommandLine;
using OrleansLake.Cli.Output;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake mapping remove</c>: removes a mapping from the lake.</summary>
internal sealed class MappingRemoveCommand : LakeCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "The mapping's name" };

    public MappingRemoveCommand(Terminal terminal)
        : base("remove", "Remove a mapping from the lake.", terminal)
    {
        Arguments.Add(_name);
    }

    public override IReadOnlyList<string> Examples => ["lake mapping remove sendgrid"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string name = MappingNames.Checked(parsed.GetValue(_name)!);
        await using Lake lake = await Lake.OpenAsync(new LakeOptions { Path = GlobalOptions.PathOf(parsed) }, cancellationToken).ConfigureAwait(false);
        bool wasThere = lake.Mappings.Remove(name);
        Terminal.Error.WriteLine(wasThere ? $"The mapping {name} is removed." : $"There is no mapping {name}; {lake.Mappings.Describe()}.");
        return wasThere ? ExitCode.Done : ExitCode.Failed;
    }
}
