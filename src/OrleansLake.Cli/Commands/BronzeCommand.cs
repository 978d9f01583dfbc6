using System.CommandLine;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake bronze</c>: the Parquet files that other programs put into bronze.</summary>
internal sealed class BronzeCommand : Command
{
    public BronzeCommand(Terminal terminal)
        : base("bronze", "See the files that other programs put into bronze, and settle those that changed.")
    {
        Subcommands.Add(new BronzeListCommand(terminal));
        Subcommands.Add(new BronzeAcceptCommand(terminal));
    }
}
