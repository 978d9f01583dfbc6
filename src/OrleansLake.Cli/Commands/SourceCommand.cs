using System.CommandLine;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake source</c>: the topics that a running server reads.</summary>
internal sealed class SourceCommand : Command
{
    public SourceCommand(Terminal terminal)
        : base("source", "List, pause, resume and move the sources of topics that a running server reads.")
    {
        Subcommands.Add(new SourceListCommand(terminal));
        Subcommands.Add(new SourcePauseCommand(terminal, isPause: true));
        Subcommands.Add(new SourcePauseCommand(terminal, isPause: false));
        Subcommands.Add(new SourceSeekCommand(terminal));
    }
}
