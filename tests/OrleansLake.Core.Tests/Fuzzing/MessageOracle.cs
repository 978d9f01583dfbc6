using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using OrleansLake.Core.Tests.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Tests.Fuzzing;

/// <summary>Decides what a line of NDJSON is, by the platform's JSON reader and the rules as they are written down.</summary>
internal static partial class MessageOracle
{
    private static readonly string[] Fields = ["timestamp", "value", "event_type", "message_id", "channel", "country_id", "user_id"];

    /// <summary>Returns whether a line is one JSON value.</summary>
    public static bool IsJson(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = true });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The message; null if the line is none.</summary>
    public static Row? Read(ReadOnlyMemory<byte> line)
    {
        if (!Utf8.IsValid(line.Span))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 64, AllowDuplicateProperties = true });
            return AreTextsWhole(document.RootElement) && document.RootElement.ValueKind == JsonValueKind.Object ? Message(document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Row? Message(JsonElement root)
    {
        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (Fields.Contains(property.Name, StringComparer.Ordinal) && !values.TryAdd(property.Name, property.Value))
            {
                return null;
            }
        }

        return Text(values, "timestamp", out string? time) && time is not null && Time(time) is { } micros
            && Text(values, "message_id", out string? id, isIntegerText: true) && !string.IsNullOrEmpty(id)
            && Text(values, "value", out string? value, isNumberText: true)
            && Text(values, "event_type", out string? eventType)
            && Text(values, "channel", out string? channel)
            && Number(values, "country_id", out int? country)
            && Number(values, "user_id", out int? user)
                ? new Row(micros, value, eventType, id, channel, country, user) : null;
    }

    private static bool Text(Dictionary<string, JsonElement> values, string name, out string? text, bool isNumberText = false, bool isIntegerText = false)
    {
        text = null;
        if (!values.TryGetValue(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        text = value.ValueKind == JsonValueKind.String ? value.GetString()
            : value.ValueKind == JsonValueKind.Number && (isNumberText || (isIntegerText && !value.GetRawText().AsSpan().ContainsAny(".eE"))) ? value.GetRawText() : null;
        return text is not null;
    }

    private static bool Number(Dictionary<string, JsonElement> values, string name, out int? number)
    {
        number = null;
        if (!values.TryGetValue(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.Number || !WholeNumber().IsMatch(value.GetRawText())
            || !int.TryParse(value.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole))
        {
            return false;
        }

        number = whole;
        return true;
    }

    // Its own tests hold this against an oracle of its own.
    private static long? Time(string text) =>
        TimestampText.TryParse(System.Text.Encoding.UTF8.GetBytes(text), LakeTimeZone.Utc, out long micros, out _) ? micros : null;

    private static bool AreTextsWhole(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.String => element.GetString() is not null,
                JsonValueKind.Array => element.EnumerateArray().All(AreTextsWhole),
                JsonValueKind.Object => element.EnumerateObject().All(property => property.Name is not null && AreTextsWhole(property.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return false;
        }
    }

    [GeneratedRegex("^-?(0|[1-9][0-9]*)$")]
    private static partial Regex WholeNumber();
}
