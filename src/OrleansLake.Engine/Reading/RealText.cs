using System.Globalization;

namespace OrleansLake.Engine.Reading;

/// <summary>
/// Floating point as text: the fewest digits that read back as the same number, with a point, as Python, Spark and
/// DuckDB write it: <c>7.0</c>, <c>0.1</c>, <c>1e+21</c>.
/// </summary>
internal static class RealText
{
    // From 1e-4 to below 1e16 the digits are written out.
    private const int FixedFrom = -4;
    private const int FixedUntil = 16;

    internal static string Of(double number) => Arrange(number.ToString("R", CultureInfo.InvariantCulture));

    internal static string Of(float number) => Arrange(number.ToString("R", CultureInfo.InvariantCulture));

    internal static string Of(Half number) => Arrange(number.ToString("R", CultureInfo.InvariantCulture));

    // From .NET's own shortest text, which has other bounds for the exponent and leaves out ".0".
    private static string Arrange(string shortest)
    {
        if (shortest is "NaN" or "Infinity" or "-Infinity")
        {
            return shortest;
        }

        string sign = shortest[0] == '-' ? "-" : "";
        string[] parts = shortest[sign.Length..].Split('E');
        int exponent = parts.Length == 1 ? 0 : int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        int dot = parts[0].IndexOf('.', StringComparison.Ordinal);
        int point = (dot < 0 ? parts[0].Length : dot) + exponent;
        string digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        string significant = digits.TrimStart('0');
        point -= digits.Length - significant.Length;
        significant = significant.TrimEnd('0');
        if (significant.Length == 0)
        {
            return sign + "0.0";
        }

        int power = point - 1;
        if (power is < FixedFrom or >= FixedUntil)
        {
            string fraction = significant.Length == 1 ? "" : "." + significant[1..];
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{significant[0]}{fraction}e{(power < 0 ? '-' : '+')}{Math.Abs(power):00}");
        }

        return sign + (point <= 0 ? "0." + new string('0', -point) + significant
            : point >= significant.Length ? significant.PadRight(point, '0') + ".0"
            : significant[..point] + "." + significant[point..]);
    }
}
