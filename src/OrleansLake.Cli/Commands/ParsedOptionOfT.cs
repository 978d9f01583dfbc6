using System.CommandLine;

namespace OrleansLake.Cli.Commands;

/// <summary>An option whose text is read by a function of ours.</summary>
/// <typeparam name="T">What it is read as.</typeparam>
/// <remarks>
/// To the library its value is an object: code of the library for options of value types cannot be compiled ahead of time,
/// and every command makes all options.
/// </remarks>
internal sealed class ParsedOption<T> : Option<object?>
{
    internal ParsedOption(string name, string description, string helpName, ParsedOption.Parser<T> parser)
        : base(name)
    {
        Description = description;
        HelpName = helpName;
        CustomParser = result =>
        {
            if (result.Tokens.Count == 0)
            {
                // An option that may be given without a value.
                return null;
            }

            string text = result.Tokens[0].Value;
            T value = parser(text, out string? error);
            if (error is not null)
            {
                result.AddError($"{name} {text}: {error}.");
            }

            return value;
        };
    }

    /// <summary>Gets the value that was given; the type's default if none was.</summary>
    public T? Of(ParseResult parsed) => parsed.GetValue(this) is T value ? value : default;
}
