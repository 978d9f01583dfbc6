using System.Globalization;

namespace OrleansLake.TestSupport;

/// <summary>The fields that no column takes of a sent message, which follow from its value: nested, long, with escapes, not ASCII, or none.</summary>
public static class SentAttributes
{
    /// <summary>The column that is made of them: <c>plan</c>, a text where it is a number as well.</summary>
    public const string Column = "plan";

    private const int LongText = 20_000;

    /// <summary>Returns them as a JSON object; null if the message has none.</summary>
    public static string? Of(string value) => Number(value) is var number && number % 8 == 0 ? null
        : string.Create(CultureInfo.InvariantCulture, $"{{{PlanOf(number)}\"größe\":\"日本 {number}\",\"deep\":{{\"list\":[1, 2.50,{{\"é\":null,\"esc\":\"\\u00e9\\n\\\\\"}}]}}{(number % 64 == 1 ? $",\"long\":\"{new string('ÿ', LongText)}\"" : "")}}}");

    /// <summary>Returns the value of the column <c>plan</c>, a string; null if it has none.</summary>
    public static string? PlanOf(string value) => Number(value) is var number && number % 8 == 0 ? null : (number % 4) switch
    {
        0 => number.ToString(CultureInfo.InvariantCulture),
        1 => $"gold \"{number % 5}\"",
        _ => null,
    };

    private static string PlanOf(uint number) => (number % 4) switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"\"plan\":{number},"),
        1 => string.Create(CultureInfo.InvariantCulture, $"\"plan\":\"gold \\\"{number % 5}\\u0022\","),
        2 => "\"plan\":null,",
        _ => "",
    };

    // FNV-1a: the same in every process.
    private static uint Number(string value)
    {
        uint hash = 2166136261;
        foreach (char c in value ?? "")
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return hash >> 3;
    }
}
