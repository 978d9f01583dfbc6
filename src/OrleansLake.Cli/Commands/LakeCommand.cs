using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansLake.Cli.Output;

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

    /// <summary>Gets the notes besides the options, in lines that fit a narrow terminal.</summary>
    public virtual IReadOnlyList<string> Remarks => [];

    /// <summary>Gets command lines that show its use.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    protected Terminal Terminal { get; }

    /// <summary>Adds a check of several options together. What cannot be read of one of them has its own error.</summary>
    protected void Check(Action<CommandResult> check) => Validators.Add(result =>
    {
        try
        {
            check(result);
        }
        catch (InvalidOperationException)
        {
            // The value of an option or argument that does not parse: the parser reports it after this.
        }
    });

    /// <summary>Does it and gives the exit code.</summary>
    protected abstract Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken);
}
