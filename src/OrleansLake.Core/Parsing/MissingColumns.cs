using System.Text;
using System.Text.Json;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Parsing;

/// <summary>Columns of a message that a source has nowhere, and what it may have in their place.</summary>
public static class MissingColumns
{
    private const int NamesMax = 1000;

    // Of a record that is rejected: there may be millions of them.
    private const int NamesOfRecordMax = 64;

    // How many letters a misspelt name may have beside those of the column, or lack of them.
    private const int LettersWrongMax = 2;
    private const int NameCharsMax = 64;

    private static readonly InputField[] Required = [InputField.Timestamp, InputField.MessageId];

    // What other programs call the columns, beside other ways of writing their names.
    private static readonly Dictionary<InputField, string[]> Others = new()
    {
        [InputField.Timestamp] = ["time", "ts", "datetime", "eventtime", "eventtimestamp", "createdat", "occurredat", "sentat", "receivedat", "created", "eventts", "eventdate", "date", "epoch", "unixtime", "tsms", "timems", "at", "when"],
        [InputField.Value] = ["val", "payload", "body"],
        [InputField.EventType] = ["type", "event", "eventname", "status"],
        [InputField.MessageId] = ["id", "msgid", "uuid", "guid", "messageuuid", "messageguid", "msguuid", "mid", "eventid", "key"],
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
        string[] unknown = Unknown(names);
        var missing = new List<string>();
        for (InputField field = 0; field < InputField.Unknown; field++)
        {
            if (!IsIn(seen, field))
            {
                string name = InputFields.Name(field);
                missing.Add(Alike(field, unknown) is { } alike ? $"{name} (it has {Shown(alike)})" : name);
            }
        }

        return Listed(missing);
    }

    /// <summary>
    /// Names the columns that the JSON objects a text begins with lack while they have something that looks like them:
    /// <c>no event_type (it has eventType)</c>. What they may lack on purpose is not reported.
    /// </summary>
    /// <returns>Null if there is nothing to report.</returns>
    public static string? DescribeAlike(ReadOnlySpan<byte> start)
    {
        IReadOnlyCollection<string> names = NamesOfJson(start);
        string[] unknown = Unknown(names);
        var missing = new List<string>();
        for (InputField field = 0; field < InputField.Unknown && unknown.Length > 0; field++)
        {
            string name = InputFields.Name(field);
            if (!names.Contains(name) && Alike(field, unknown) is { } alike)
            {
                missing.Add($"{name} (it has {Shown(alike)})");
            }
        }

        return Listed(missing);
    }

    private static string? Listed(List<string> missing) => missing.Count switch
    {
        0 => null,
        1 => $"no {missing[0]}",
        _ => $"no {string.Join(", ", missing.Take(missing.Count - 1))} or {missing[^1]}",
    };

    /// <summary>Describes how to rename what looks like a column without which there is no message: <c>rename "ts" to timestamp</c>.</summary>
    /// <param name="seen">The columns that the source has.</param>
    /// <param name="names">The names that it has.</param>
    /// <returns>Null if it has both columns, or nothing that looks like the one that it lacks.</returns>
    public static string? Renames(KnownColumns seen, IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] unknown = Unknown(names);
        (InputField Field, string Alike)[] renames =
            [.. Required.Where(field => !IsIn(seen, field)).Select(field => (field, Alike(field, unknown)!)).Where(static rename => rename.Item2 is not null)];

        // One that looks like both is neither, such as a header whose separator is not known.
        return renames.Length == 0 || (renames.Length == 2 && renames[0].Alike == renames[1].Alike) ? null
            : $"rename {string.Join(" and ", renames.Select(static rename => $"\"{Shown(rename.Alike)}\" to {InputFields.Name(rename.Field)}"))}";
    }

    /// <summary>Returns what to rename in the header of a table, if it names both columns without which there is no message by other names.</summary>
    /// <param name="start">The text's start.</param>
    /// <param name="separator">The separator of its names.</param>
    /// <returns>Null unless the line has a column, or something that looks like it, for each of the two.</returns>
    public static string? RenamesOfHeader(ReadOnlySpan<byte> start, byte separator)
    {
        IReadOnlyCollection<string> names = NamesOfHeader(start, separator);
        string[] unknown = Unknown(names);
        KnownColumns seen = KnownColumns.None;
        foreach (InputField field in Required)
        {
            if (names.Contains(InputFields.Name(field)))
            {
                seen |= (KnownColumns)(1u << (int)field);
            }
            else if (Alike(field, unknown) is null)
            {
                return null;
            }
        }

        return Renames(seen, names);
    }

    /// <summary>Returns the end of the sentence about a JSON object that lacks a column: which member to rename, if there is one.</summary>
    internal static string HintOf(ReadOnlySpan<byte> json, uint seen)
    {
        if (NestedMessages.Describe(json) is { } nested)
        {
            return $"; {nested}";
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        AddNames(json, names, NamesOfRecordMax);
        return Renames((KnownColumns)seen, names) is { } renames ? $"; {renames}" : "";
    }

    /// <summary>Returns the names of the fields of the JSON objects that a text begins with.</summary>
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

            AddNames(start[(at + begin)..(at + length)], names, NamesMax);
            at += length;
        }

        return names;
    }

    /// <summary>Returns the names in the header of a table.</summary>
    public static IReadOnlyCollection<string> NamesOfHeader(ReadOnlySpan<byte> start, byte separator)
    {
        start = start[CsvParser.StartOfHeader(start, separator, out _)..];
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

    private static void AddNames(ReadOnlySpan<byte> json, HashSet<string> names, int max)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (names.Count < max && reader.Read())
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

    private static bool IsIn(KnownColumns seen, InputField field) => ((uint)seen >> (int)field & 1) != 0;

    // Several in one, which another separator would part, are not one.
    private static string[] Unknown(IReadOnlyCollection<string> names) =>
        [.. names.Where(static name => name.Length <= NameCharsMax && name.AsSpan().IndexOfAny(",;|\t") < 0 && InputFields.Find(Encoding.UTF8.GetBytes(name)) == InputField.Unknown)];

    // The surest first: the same letters, a name of other programs, one with more around it (event_timestamp_utc), a misspelt one.
    private static string? Alike(InputField field, string[] unknown)
    {
        string letters = Letters(InputFields.Name(field));
        bool isSure = Array.IndexOf(Required, field) >= 0;
        return Array.Find(unknown, other => Letters(other) == letters)
            ?? Others[field].Select(known => Array.Find(unknown, other => Letters(other) == known)).FirstOrDefault(static found => found is not null)
            ?? (isSure ? Array.Find(unknown, other => Letters(other).Contains(letters, StringComparison.Ordinal)) : null)
            ?? (isSure ? Array.Find(unknown, other => NearestName.Distance(Letters(other), letters) <= LettersWrongMax) : null);
    }

    private static string Shown(string name) => ShownText.Of(Encoding.UTF8.GetBytes(name));

    // eventType, Event_Type, event-type and EVENT TYPE are one.
    private static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));
}
