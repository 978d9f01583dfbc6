using System.Buffers;
using System.Globalization;

namespace OrleansLake.Cli.Commands;

/// <summary>
/// Durations as people write them: <c>20s</c>, <c>1m30s</c>, <c>500ms</c>, <c>2h</c>, <c>1.5s</c>. Units in falling
/// order, each once; more than nothing, at most a year.
/// </summary>
internal static class DurationText
{
    private const double MillisecondsMax = 365 * 86_400_000.0;

    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    private static readonly (string Name, double Milliseconds)[] Units =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

    public static bool TryParse(string text, out TimeSpan value, out string? error)
    {
        value = default;
        error = "expected a duration such as 20s, 1m30s, 500ms or 2h";
        ReadOnlySpan<char> rest = text;
        double milliseconds = 0;
        int unitsUsed = 0;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            {
                return false;
            }

            rest = rest[digits..];
            int letters = rest.IndexOfAnyExceptInRange('a', 'z');
            ReadOnlySpan<char> name = letters < 0 ? rest : rest[..letters];
            int unit = UnitIndex(name);
            if (unit < unitsUsed)
            {
                return false;
            }

            milliseconds += number * Units[unit].Milliseconds;
            unitsUsed = unit + 1;
            rest = rest[name.Length..];
        }

        if (text.Length == 0)
        {
            return false;
        }

        if (milliseconds <= 0)
        {
            error = "expected a duration longer than 0, such as 500ms or 20s";
            return false;
        }

        if (milliseconds > MillisecondsMax)
        {
            error = "expected a year (365d) at most";
            return false;
        }

        value = TimeSpan.FromMilliseconds(milliseconds);
        error = value > TimeSpan.Zero ? null : error;
        return error is null;
    }

    private static int UnitIndex(ReadOnlySpan<char> name)
    {
        for (int i = 0; i < Units.Length; i++)
        {
            if (name.SequenceEqual(Units[i].Name))
            {
                return i;
            }
        }

        return -1;
    }
}
