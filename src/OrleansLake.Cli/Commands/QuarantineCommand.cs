using System.CommandLine;
using OrleansLake.Cli.Hosting;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake quarantine</c>: what was rejected, and how it is mended.</summary>
internal sealed class QuarantineCommand : Command
{
    public QuarantineCommand(Terminal terminal)
        : base("quarantine", "See what was rejected, and mend it.")
    {
        Subcommands.Add(new QuarantineListCommand(terminal));
        Subcommands.Add(new QuarantineShowCommand(terminal));
        Subcommands.Add(new QuarantineReplayCommand(terminal));
    }
}
