using System.CommandLine;
using OrleansLake.Cli.Hosting;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake quarantine</c>: what was rejected.</summary>
internal sealed class QuarantineCommand : Command
{
    public QuarantineCommand(Terminal terminal)
        : base("quarantine", "See what was rejected.") => Subcommands.Add(new QuarantineListCommand(terminal));
}
