using System.Text;
using System.Text.Json;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Parsing;

/// <summary>Columns of a message that a source has nowhere, and what it may have in their place.</summary>
public static class MissingColumns
{
    private const int NamesMax = 1000;

    // What other programs call the columns, beside other ways of writing their names.
    private static readonly Dictionary<InputField, string[]> Others = new()
    {
        [InputField.Timestamp] = ["time", "ts", "datetime", "eventtime", "eventtimestamp", "createdat", "occurredat", "date"],
        [InputField.Value] = ["val", "payload", "body"],
        [InputField.EventType] = ["type", "event", "eventname", "status"],
        [InputField.MessageId] = ["id", "msgid", "uuid", "guid", "eventid"],
        [InputField.Channel] = ["medium", "channeltype", "channelname"],
        [InputField.CountryId] = ["country", "countrycode"],
        [InputField.UserId] = ["user", "uid", "userid", "customerid"],
    };

    /// <summary>Names the columns that are missing, each with its look-alike: <c>no event_type (it has eventType) or user_id</c>.</summary>
    /// <param name="seen">The columns that some record named.</param>
    /// <param name="names">The names that the source has.</param>
    /// <returns>Null if none is missing.</returns>
    public static string? Describe(KnownColumns seen, IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] unknown = [.. names.Where(static name => InputFields.Find(Encoding.UTF8.GetBytes(name)) == InputField.Unknown)];
        var missing = new List<string>();
        for (InputField field = 0; field < InputField.Unknown; field++)
        {
            if (((uint)seen >> (int)field & 1) == 0)
            {
                string name = InputFields.Name(field);
                string? alike = Array.Find(unknown, other => Letters(other) == Letters(name))
                    ?? Array.Find(unknown, other => Others[field].Contains(Letters(other), StringComparer.Ordinal));
                missing.Add(alike is null ? name : $"{name} (it has {ShownText.Of(Encoding.UTF8.GetBytes(alike))})");
            }
        }

        return missing.Count switch
        {
            0 => null,
            1 => $"no {missing[0]}",
            _ => $"no {string.Join(", ", missing.Take(missing.Count - 1))} or {missing[^1]}",
        };
    }

    /// <summary>The names of the fields of the JSON objects that a text begins with.</summary>
    public static IReadOnlyCollection<string> NamesOfJson(ReadOnlySpan<byte> start)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var scanner = new JsonValueScanner(opensArrays: true);
        for (int at = 0; at < start.Length && names.Count < NamesMax;)
        {
            if (!scanner.TryNext(start[at..], out int begin, out int length) || begin < 0)
            {
                break;
            }

            AddNames(start[(at + begin)..(at + length)], names);
            at += length;
        }

        return names;
    }

    /// <summary>The names in the header of a table.</summary>
    public static IReadOnlyCollection<string> NamesOfHeader(ReadOnlySpan<byte> start, byte separator)
    {
        int end = new CsvRecordScanner(separator).NextRecordEnd(start);
        ReadOnlySpan<byte> header = CsvParser.WithoutEnd(end == 0 ? start : start[..end]);
        var names = new List<string>();
        var record = new CsvRecord(header, new byte[header.Length], separator);
        while (names.Count < NamesMax && record.TryNext(out ReadOnlySpan<byte> name, out _))
        {
            names.Add(Encoding.UTF8.GetString(name.Trim((byte)' ')));
        }

        return names;
    }

    private static void AddNames(ReadOnlySpan<byte> json, HashSet<string> names)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    names.Add(reader.GetString()!);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Its own rejection says what is wrong with it.
        }
    }

    // eventType, Event_Type, event-type and EVENT TYPE are one.
    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));
}
