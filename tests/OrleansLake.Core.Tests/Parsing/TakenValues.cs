using System.Globalization;
using System.Text.Json;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Tests.Parsing;

/// <summary>Says, slowly and by the documentation alone, which values of a record a mapping takes. Nulls and empty texts do not count.</summary>
internal static class TakenValues
{
    /// <summary>Returns the values that are in no field, each with where it is; JSON in texts is gone into.</summary>
    internal static string[] LeavesLeft(MessageMapping mapping, string record)
    {
        JsonElement root = JsonDocument.Parse(record).RootElement;
        string[] taken = [.. mapping.Fields.OfType<FieldMapping>().SelectMany(field => Taken(field, root))];
        return [.. Leaves(root, "", "").Where(leaf => !taken.Any(place => leaf.Place == place || leaf.Place.StartsWith(place + "/", StringComparison.Ordinal))).Select(static leaf => leaf.Shown).Order(StringComparer.Ordinal)];
    }

    /// <summary>Returns all values of an object.</summary>
    internal static string[] Leaves(string record) => [.. Leaves(JsonDocument.Parse(record).RootElement, "", "").Select(static leaf => leaf.Shown).Order(StringComparer.Ordinal)];

    private static List<string> Taken(FieldMapping field, JsonElement root)
    {
        bool skipsEmpty = field.Column != MessageSchema.Value && field.Column != MessageSchema.EventType && field.Column != MessageSchema.Channel;
        var taken = new List<string>();
        foreach (FieldPath path in field.From)
        {
            (string Place, JsonElement Value)? found = Find(root, path.Names.AsSpan(), "");
            if (IsNothing(found, skipsEmpty) && !path.IsPointer && path.Names.Length > 1 && root.TryGetProperty(path.Text, out JsonElement whole))
            {
                found = ($"/{path.Text}", whole);
            }

            if (!IsNothing(found, skipsEmpty))
            {
                taken.Add(found!.Value.Place);
                if (!field.IsJoined)
                {
                    break;
                }
            }
            else if (field.IsJoined)
            {
                return [];
            }
        }

        return taken;
    }

    private static bool IsNothing((string Place, JsonElement Value)? found, bool skipsEmpty) =>
        found is not { } one || one.Value.ValueKind == JsonValueKind.Null || (skipsEmpty && one.Value.ValueKind == JsonValueKind.String && one.Value.GetString()!.Length == 0);

    private static (string Place, JsonElement Value)? Find(JsonElement at, ReadOnlySpan<string> names, string place)
    {
        if (names.IsEmpty)
        {
            return (place, at);
        }

        at = Within(at) ?? at;
        string next = $"{place}/{names[0]}";
        return at.ValueKind switch
        {
            JsonValueKind.Object when at.TryGetProperty(names[0], out JsonElement member) => Find(member, names[1..], next),
            JsonValueKind.Array when int.TryParse(names[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < at.GetArrayLength() => Find(at[index], names[1..], next),
            _ => null,
        };
    }

    // Elements behind one that was taken have another index in what is kept.
    private static IEnumerable<(string Place, string Shown)> Leaves(JsonElement at, string place, string shown)
    {
        at = Within(at) ?? at;
        return at.ValueKind switch
        {
            JsonValueKind.Object => at.EnumerateObject().SelectMany(one => Leaves(one.Value, $"{place}/{one.Name}", $"{shown}/{one.Name}")),
            JsonValueKind.Array => at.EnumerateArray().SelectMany((one, index) => Leaves(one, $"{place}/{index}", $"{shown}/*")),
            JsonValueKind.Null => [],
            JsonValueKind.String => at.GetString() is { Length: > 0 } text ? [(place, $"{shown} \"{text}\"")] : [],
            _ => [(place, $"{shown} {at.GetRawText()}")],
        };
    }

    private static JsonElement? Within(JsonElement text)
    {
        if (text.ValueKind != JsonValueKind.String || text.GetString()!.TrimStart() is not ['{' or '[', ..])
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(text.GetString()!).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
