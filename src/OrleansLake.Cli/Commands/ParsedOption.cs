using System.Globalization;

namespace OrleansLake.Cli.Commands;

/// <summary>Options whose text is read by a function of ours, with an error that names the option and the text.</summary>
internal static class ParsedOption
{
    /// <summary>Reads a text; <paramref name="error"/> says what was expected, null if all is well.</summary>
    public delegate T Parser<T>(string text, out string? error);

    public static ParsedOption<T> Of<T>(string name, string description, string helpName, Parser<T> parser) => new(name, description, helpName, parser);

    /// <summary>Creates an option for a duration, such as <c>20s</c>.</summary>
    public static ParsedOption<TimeSpan?> Duration(string name, string description) => Of<TimeSpan?>(name, description, "T",
        (string text, out string? error) => DurationText.TryParse(text, out TimeSpan value, out error) ? value : null);

    /// <summary>Creates an option for a count, such as <c>5000</c> or <c>5M</c>.</summary>
    public static ParsedOption<long?> Count(string name, string description, long min) => Of<long?>(name, description, "N",
        (string text, out string? error) => CountText.TryParse(text, min, out long value, out error) ? value : null);

    /// <summary>Creates an option for a number from 1 to <paramref name="max"/>.</summary>
    public static ParsedOption<int?> Number(string name, string description, int max) => Of<int?>(name, description, "N",
        (string text, out string? error) =>
        {
            bool isRight = int.TryParse(text, out int number) && number >= 1 && number <= max;
            error = isRight ? null : $"expected a number from 1 to {max}";
            return number;
        });

    /// <summary>Creates the option for the seed of generated messages.</summary>
    public static ParsedOption<long?> Seed() => Of<long?>("--seed", "The same seed makes the same messages", "S",
        (string text, out string? error) =>
        {
            bool isRight = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seed);
            error = isRight ? null : "expected a whole number";
            return seed;
        });
}
