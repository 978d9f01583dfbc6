using System.Text;
using System.Text.Json;

namespace OrleansLake.Core.Parsing;

/// <summary>Messages within an object that is not one itself: an envelope's payload, or a list of them.</summary>
internal static class NestedMessages
{
    // How much of an object is looked at: there may be millions that are rejected.
    private const int LookedAtBytes = 64 * 1024;

    // A notification that holds an event that holds a message, as text each, as queues of clouds deliver them.
    private const int TextsWithinMax = 3;

    private const int DepthMax = 64;

    /// <summary>Describes in which field of an object messages are, however deep, and how to take them out. Null if there are none.</summary>
    internal static string? Describe(ReadOnlySpan<byte> json)
    {
        if (Find(json, TextsWithinMax) is not { } found)
        {
            return null;
        }

        bool isList = found.Path.Contains("[]", StringComparison.Ordinal);
        string what = isList ? "the messages are" : "the message is";
        string form = found.Path.Contains(FromText, StringComparison.Ordinal) ? ", as text" : "";
        return $"{what} in its field \"{found.Field}\"{form} (jq -c '{found.Path.Replace("'", @"'\''", StringComparison.Ordinal)}' takes {(isList ? "them" : "it")} out)";
    }

    private const string FromText = " | fromjson";

    // The first object that has both columns which no message lacks: the field that it is in, and jq's path to it.
    private static (string Field, string Path)? Find(ReadOnlySpan<byte> json, int texts)
    {
        bool isAll = json.Length <= LookedAtBytes;
        var reader = new Utf8JsonReader(isAll ? json : json[..LookedAtBytes], isAll, default);

        // By depth: jq's step, and the columns that the object there has.
        string[] steps = new string[DepthMax + 2];
        uint[] seen = new uint[DepthMax + 2];
        string field = "";
        try
        {
            while (reader.Read())
            {
                int depth = reader.CurrentDepth;
                switch (reader.TokenType)
                {
                    case JsonTokenType.StartObject:
                        seen[depth + 1] = 0;
                        break;
                    case JsonTokenType.StartArray:
                        steps[depth + 1] = "[]";
                        break;
                    case JsonTokenType.PropertyName:
                        seen[depth] |= InputFields.Find(reader.ValueSpan) is var column && column != InputField.Unknown ? 1u << (int)column : 0;
                        if ((seen[depth] & Both) == Both && (depth > 1 || texts < TextsWithinMax))
                        {
                            return (field, PathOf(steps[1..depth]));
                        }

                        steps[depth] = StepOf(reader.GetString()!);
                        field = depth == 1 ? ShownText.Of(Encoding.UTF8.GetBytes(reader.GetString()!)) : field;
                        break;
                    case JsonTokenType.String when texts > 0 && reader.ValueSpan is [(byte)'{' or (byte)'[', ..]
                        && Find(Encoding.UTF8.GetBytes(reader.GetString()!), texts - 1) is { } within:
                        return (field, PathOf(steps[1..(depth + 1)]) + FromText + (within.Path == "." ? "" : $" | {within.Path}"));
                    default:
                        break;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Its own rejection says what is wrong with it.
        }

        return null;
    }

    private static uint Both => (1u << (int)InputField.Timestamp) | (1u << (int)InputField.MessageId);

    private static string StepOf(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? $".{name}" : $"[\"{ShownText.Of(Encoding.UTF8.GetBytes(name))}\"]";

    private static string PathOf(string[] steps) => string.Concat(steps) is ['.', ..] path ? path : $".{string.Concat(steps)}";
}
