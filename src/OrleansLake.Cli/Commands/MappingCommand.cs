using System.CommandLine;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake mapping</c>: how records of other shapes become messages.</summary>
internal sealed class MappingCommand : Command
{
    public MappingCommand(Terminal terminal)
        : base("mapping", "Propose, keep, show and test how records of other shapes become messages.")
    {
        Subcommands.Add(new MappingSetCommand(terminal));
        Subcommands.Add(new MappingShowCommand(terminal));
        Subcommands.Add(new MappingListCommand(terminal));
        Subcommands.Add(new MappingRemoveCommand(terminal));
        Subcommands.Add(new MappingInferCommand(terminal));
        Subcommands.Add(new MappingTestCommand(terminal));
    }
}
