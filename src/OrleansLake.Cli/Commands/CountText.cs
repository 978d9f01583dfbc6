using System.Globalization;

namespace OrleansLake.Cli.Commands;

/// <summary>Counts as people write them: <c>5000</c>, <c>5_000</c>, <c>20k</c>, <c>5M</c>, <c>1.5M</c>.</summary>
internal static class CountText
{
    public static bool TryParse(string text, long min, out long value, out string? error)
    {
        value = 0;
        error = $"expected a whole number from {min.ToString(CultureInfo.InvariantCulture)} up, such as 5000, 20k or 5M";
        decimal unit = text switch
        {
            [.., 'k' or 'K'] => 1_000,
            [.., 'm' or 'M'] => 1_000_000,
            _ => 1,
        };
        string digits = (unit == 1 ? text : text[..^1]).Replace("_", "", StringComparison.Ordinal);
        if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            || number > long.MaxValue / unit)
        {
            return false;
        }

        number *= unit;
        if (number != decimal.Truncate(number) || number < min)
        {
            return false;
        }

        value = (long)number;
        error = null;
        return true;
    }
}
