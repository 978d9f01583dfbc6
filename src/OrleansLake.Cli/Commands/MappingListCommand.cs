using System.CommandLine;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake mapping list</c>: the names of the lake's mappings.</summary>
internal sealed class MappingListCommand : LakeCommand
{
    private readonly MappingTarget _target;

    public MappingListCommand(Terminal terminal)
        : base("list", "List the names of the lake's mappings.", terminal)
    {
        _target = new MappingTarget(this);
    }

    public override IReadOnlyList<string> Examples => ["lake mapping list"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        foreach (string name in (await _target.GetAsync(parsed, cancellationToken).ConfigureAwait(false)).Keys.Order(StringComparer.Ordinal))
        {
            Terminal.Out.WriteLine(name);
        }

        return ExitCode.Done;
    }
}
