using System.CommandLine;
using OrleansLake.Cli.Hosting;

namespace OrleansLake.Cli.Commands;

/// <summary>A command of <c>lake</c>: its options, and what it does.</summary>
internal abstract class LakeCommand : Command
{
    protected LakeCommand(string name, string description, Terminal terminal)
        : base(name, description)
    {
        Terminal = terminal;
        SetAction(RunAsync);
    }

    /// <summary>What there is to know besides the options, in lines that fit a narrow terminal.</summary>
    public virtual IReadOnlyList<string> Remarks => [];

    /// <summary>Command lines that show its use.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    protected Terminal Terminal { get; }

    /// <summary>Does it and gives the exit code.</summary>
    protected abstract Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken);
}
