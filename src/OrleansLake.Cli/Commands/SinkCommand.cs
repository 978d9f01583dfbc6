using System.CommandLine;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake sink</c>: the places that a running server writes its reports to.</summary>
internal sealed class SinkCommand : Command
{
    public SinkCommand(Terminal terminal)
        : base("sink", "List the sinks that a running server writes its reports to.")
    {
        Subcommands.Add(new SinkListCommand(terminal));
    }
}
