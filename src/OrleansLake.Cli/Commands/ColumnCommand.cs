using System.CommandLine;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake column</c>: what a lake has beside the columns of a message.</summary>
internal sealed class ColumnCommand : Command
{
    public ColumnCommand(Terminal terminal)
        : base("column", "Keep more of records than the columns of a message, and make columns of it.")
    {
        Subcommands.Add(new ColumnKeepCommand(terminal));
        Subcommands.Add(new ColumnAddCommand(terminal));
        Subcommands.Add(new ColumnRemoveCommand(terminal));
        Subcommands.Add(new ColumnListCommand(terminal));
    }
}
