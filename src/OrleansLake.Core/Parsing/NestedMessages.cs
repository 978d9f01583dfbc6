using System.Text;
using System.Text.Json;

namespace OrleansLake.Core.Parsing;

/// <summary>Messages within an object that is not one itself: an envelope's payload, or a list of them.</summary>
internal static class NestedMessages
{
    // How much of an object is looked at: there may be millions that are rejected.
    private const int LookedAtBytes = 64 * 1024;

    /// <summary>Describes in which field of an object messages are, and how to take them out. Null if there are none.</summary>
    internal static string? Describe(ReadOnlySpan<byte> json)
    {
        bool isAll = json.Length <= LookedAtBytes;
        var reader = new Utf8JsonReader(isAll ? json : json[..LookedAtBytes], isAll, default);
        string field = "";
        bool isList = false;
        uint seen = 0;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    (field, isList, seen) = (reader.GetString()!, false, 0);
                }
                else if (reader.TokenType == JsonTokenType.StartArray && reader.CurrentDepth == 1)
                {
                    isList = true;
                }
                else if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == (isList ? 3 : 2))
                {
                    seen |= InputFields.Find(reader.ValueSpan) is var found && found != InputField.Unknown ? 1u << (int)found : 0;
                    if ((seen & (1u << (int)InputField.Timestamp)) != 0 && (seen & (1u << (int)InputField.MessageId)) != 0)
                    {
                        return Words(field, isList);
                    }
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Its own rejection says what is wrong with it.
        }

        return null;
    }

    private static string Words(string field, bool isList)
    {
        bool isPlain = field.Length > 0 && !char.IsAsciiDigit(field[0]) && field.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');
        string shown = ShownText.Of(Encoding.UTF8.GetBytes(field));
        string path = isPlain ? $".{field}" : $".[\"{shown}\"]";
        return isList ? $"the messages are in its field \"{shown}\" (jq -c '{path}[]' takes them out)" : $"the message is in its field \"{shown}\" (jq -c '{path}' takes it out)";
    }
}
