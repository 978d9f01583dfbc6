using System.CommandLine;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Commands;

/// <summary>The option <c>--format</c> of a command that prints a result.</summary>
internal sealed class FormatOption
{
    private readonly ParsedOption<OutputFormat?> _option;
    private readonly OutputFormat _piped;

    /// <summary>Adds the option to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="piped">What it prints when no format is given and stdout is not a terminal.</param>
    /// <param name="formats">What it can print.</param>
    public FormatOption(Command command, OutputFormat piped, params OutputFormat[] formats)
    {
        _piped = piped;
        // A loop: the library's code over formats cannot be compiled ahead of time, and every command makes all options.
        string[] each = new string[formats.Length];
        for (int i = 0; i < each.Length; i++)
        {
            each[i] = Name(formats[i]);
        }

        string names = string.Join('|', each);
        string otherwise = piped == OutputFormat.Table ? "" : $", {Name(piped)} into a pipe or file";
        _option = ParsedOption.Of<OutputFormat?>("--format", $"How to print it (table at a terminal{otherwise})", names,
            (string text, out string? error) =>
            {
                int at = each.Length - 1;
                while (at >= 0 && !each[at].Equals(text, StringComparison.OrdinalIgnoreCase))
                {
                    at--;
                }

                error = at < 0 ? $"expected one of {names}" : null;
                return at < 0 ? null : formats[at];
            });
        _option.CompletionSources.Add(each);
        command.Options.Add(_option);
    }

    /// <summary>Returns the format to print.</summary>
    public OutputFormat Of(ParseResult parsed, Terminal terminal) =>
        _option.Of(parsed) ?? (terminal.IsOutputTerminal ? OutputFormat.Table : _piped);

#pragma warning disable CA1308 // The formats' names are lower case.
    private static string Name(OutputFormat format) => format.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
