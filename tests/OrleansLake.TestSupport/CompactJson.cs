using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrleansLake.TestSupport;

/// <summary>JSON without blanks and without needless escapes, as the golden files have it.</summary>
public static class CompactJson
{
    /// <summary>The text of a value; numbers keep their digits as they were.</summary>
    public static string Of(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? Of(value.GetString()!) : value.GetRawText();

    /// <summary>A JSON string. .NET's own encoders escape what lies outside the BMP, so this is written out.</summary>
    public static string Of(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                < ' ' => result.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => result.Append(character),
            };
        }

        return result.Append('"').ToString();
    }
}
