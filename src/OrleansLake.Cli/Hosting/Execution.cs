using System.CommandLine;
using System.CommandLine.Invocation;
using OrleansLake.Cli.Commands;

namespace OrleansLake.Cli.Hosting;

/// <summary>Runs a command line and turns whatever happens into an exit code and a line or two on stderr.</summary>
internal static class Execution
{
    public static async Task<int> RunAsync(RootCommand root, string[] args, Terminal terminal, Interrupts interrupts)
    {
        int code;
        try
        {
            ParseResult parsed = root.Parse(args);
            code = parsed.Action is ParseErrorAction ? ReportErrors(parsed, terminal)
                : await InvokeAsync(parsed, terminal, interrupts.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The outermost frame: what is not caught here ends as a stack trace in a user's face.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            code = Failures.Report(failure, terminal, args.Contains(GlobalOptions.Verbose.Name), interrupts.Token.IsCancellationRequested);
        }

        return terminal.Finish(code);
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        InvocationConfiguration configuration = new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = terminal.Out,
            Error = terminal.Error,
        };
        return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
    }

    private static int ReportErrors(ParseResult parsed, Terminal terminal)
    {
        // What is said first of "lake foo" is that a command is missing; that foo is none says more.
        string message = parsed.UnmatchedTokens.Count > 0 ? $"'{parsed.UnmatchedTokens[0]}' is no command, option or argument here."
            : parsed.Errors[0].Message;
        terminal.Error.WriteLine($"lake: {string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");

        string path = string.Join(' ', CommandNames(parsed.CommandResult.Command));
        terminal.Error.WriteLine($"Try '{path} --help'.");
        return ExitCode.Usage;
    }

    private static IEnumerable<string> CommandNames(Command command)
    {
        IEnumerable<string> parents = command.Parents.OfType<Command>().SelectMany(CommandNames);
        return parents.Append(command.Name);
    }
}
