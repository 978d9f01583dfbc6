using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Commands;

/// <summary>Runs a command line and turns whatever happens into an exit code and a line or two on stderr.</summary>
internal static class Execution
{
    public static async Task<int> RunAsync(RootCommand root, string[] args, Terminal terminal, Interrupts interrupts)
    {
        int code;
        try
        {
            ParseResult parsed = root.Parse(args);
            code = parsed.Action is (ParseErrorAction or AsynchronousCommandLineAction) && BlankOne(parsed) is { } blank
                ? ReportUsage($"{blank} is empty; give it a value, or leave it out.", parsed, terminal)
                : parsed.Action is ParseErrorAction ? ReportErrors(parsed, terminal, interrupts.Token)
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

    private static int ReportErrors(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        // A check of settings reports all that is wrong with them.
        if (parsed.CommandResult.Command is ValidateCommand validate && parsed.UnmatchedTokens.Count == 0)
        {
            Task.Run(() => validate.CheckRest(parsed), CancellationToken.None).WaitAsync(cancellationToken).GetAwaiter().GetResult();
            foreach (ParseError error in parsed.Errors.DistinctBy(static error => error.Message).Skip(1))
            {
                terminal.Error.WriteLine($"lake: {OneLine(error.Message)}");
            }
        }

        // The first error of "lake foo" is that a command is missing; that foo is not one says more.
        string message = parsed.UnmatchedTokens.Count > 0 ? $"'{parsed.UnmatchedTokens[0]}' is not a command, option or argument here."
            : parsed.Errors[0].Message;
        return ReportUsage(OneLine(message), parsed, terminal);
    }

    private static string OneLine(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    // An argument or option whose text is blank: a variable of the shell that is not set. Nothing is meant by one anywhere.
    private static string? BlankOne(ParseResult parsed)
    {
        for (SymbolResult? at = parsed.CommandResult; at is not null; at = at.Parent)
        {
            foreach (SymbolResult child in (at as CommandResult)?.Children ?? [])
            {
                if (child is not CommandResult && child.Tokens.Any(static token => string.IsNullOrWhiteSpace(token.Value)))
                {
                    return child is OptionResult option ? option.Option.Name : ((ArgumentResult)child).Argument.Name;
                }
            }
        }

        return null;
    }

    private static int ReportUsage(string message, ParseResult parsed, Terminal terminal)
    {
        terminal.Error.WriteLine($"lake: {message}");
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
