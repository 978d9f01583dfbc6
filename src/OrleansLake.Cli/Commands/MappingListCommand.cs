using System.CommandLine;
using OrleansLake.Cli.Output;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake mapping list</c>: the names of the lake's mappings.</summary>
internal sealed class MappingListCommand(Terminal terminal) : LakeCommand("list", "List the names of the lake's mappings.", terminal)
{
    public override IReadOnlyList<string> Examples => ["lake mapping list"];

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        foreach (string name in LakeReader.Open(GlobalOptions.PathOf(parsed)).Mappings.All.Keys)
        {
            Terminal.Out.WriteLine(name);
        }

        return Task.FromResult(ExitCode.Done);
    }
}
