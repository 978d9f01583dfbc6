using System.CommandLine;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake quarantine</c>: rejected records, sent again or dismissed.</summary>
internal sealed class QuarantineCommand : Command
{
    public QuarantineCommand(Terminal terminal)
        : base("quarantine", "List rejected records, send them again, or dismiss them.")
    {
        Subcommands.Add(new QuarantineListCommand(terminal));
        Subcommands.Add(new QuarantineShowCommand(terminal));
        Subcommands.Add(new QuarantineReplayCommand(terminal));
        Subcommands.Add(new QuarantineDismissCommand(terminal));
    }
}
