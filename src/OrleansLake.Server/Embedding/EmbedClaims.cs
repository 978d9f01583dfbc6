using System.Globalization;
using System.Text.Json;
using OrleansLake.Client;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Server.Embedding;

/// <summary>
/// The claims of a token, as JSON: reports by name, each with the parameters of the API that are locked:
/// <code>{"report1":{"channel":["EMAIL"],"from":"2024-12-01"},"report2":{"top":10}}</code>
/// A lock that is not understood, or does not fit the report, makes all of it unreadable: read as no lock it would open
/// what was meant to be closed. What is read is <see cref="StrictJson"/>: no name occurs twice.
/// </summary>
internal static class EmbedClaims
{
    internal static void Write(Utf8JsonWriter json, IReadOnlyDictionary<string, ReportFilter> reports)
    {
        json.WriteStartObject();
        foreach ((string name, ReportFilter filter) in reports)
        {
            json.WriteStartObject(name);
            WriteDate(json, "from", filter.From);
            WriteDate(json, "to", filter.To);
            if (filter.Channels is { } channels)
            {
                json.WriteStartArray("channel");
                foreach (string channel in channels)
                {
                    json.WriteStringValue(channel);
                }

                json.WriteEndArray();
            }

            if (filter.Users is { } users)
            {
                json.WriteStartArray("user");
                foreach (IdValue user in users)
                {
                    if (user.Number is { } number)
                    {
                        json.WriteNumberValue(number);
                    }
                    else
                    {
                        json.WriteStringValue(user.Text);
                    }
                }

                json.WriteEndArray();
            }

            if (filter.Top is { } top)
            {
                json.WriteNumber("top", top);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Returns the reports; null if something is not understood.</summary>
    /// <param name="json">The object.</param>
    /// <param name="known">The reports that the lake keeps.</param>
    /// <param name="problem">What is not understood, for people.</param>
    internal static Dictionary<string, ReportFilter>? Read(JsonElement json, ReportCatalog known, out string problem)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            problem = "'reports' is to be an object with the reports' names.";
            return null;
        }

        var reports = new Dictionary<string, ReportFilter>(StringComparer.Ordinal);
        foreach (JsonProperty report in json.EnumerateObject())
        {
            ReportDefinition? definition = known.Find(report.Name);
            if (definition is null)
            {
                problem = $"There is no report of this name: {Shown(report.Name)}.";
                return null;
            }

            if (Filter(report.Value, known.Ids, out problem) is not { } filter)
            {
                return null;
            }

            if (filter.FieldThatDoesNotFit(definition) is { } field)
            {
                problem = $"{definition.Name} has no rows by {ReportDefinition.ColumnName(field)}: it cannot be locked to some.";
                return null;
            }

            reports.Add(report.Name, filter);
        }

        problem = reports.Count == 0 ? "'reports' names no report." : "";
        return reports.Count == 0 ? null : reports;
    }

    private static ReportFilter? Filter(JsonElement json, IdTypes ids, out string problem)
    {
        problem = "What a report is locked to is to be an object.";
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var filter = new ReportFilter();
        bool hasDate = json.TryGetProperty("date", out _);
        foreach (JsonProperty member in json.EnumerateObject())
        {
            problem = $"This lock cannot be read: {Shown(member.Name)}. {Expected(member.Name, hasDate)}";
            ReportFilter? next = member.Name switch
            {
                "date" when Date(member.Value) is { } date => filter with { From = date, To = date },
                "from" when Date(member.Value) is { } date && !hasDate => filter with { From = date },
                "to" when Date(member.Value) is { } date && !hasDate => filter with { To = date },
                "channel" when Texts(member.Value) is { } channels && !IsList(member.Value) => filter with { Channels = channels },
                "user" when Users(member.Value, ids.User) is { } users => filter with { Users = users },
                "top" when Number(member.Value) is { } top && top > 0 => filter with { Top = top },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            filter = next;
        }

        problem = "'from' is after 'to': no date is both.";
        return filter.From > filter.To ? null : filter;
    }

    // In an address this is two channels; as one it would fit nothing, or, less likely, a channel that is called so.
    private static bool IsList(JsonElement json) => json.ValueKind == JsonValueKind.String && json.GetString()!.Contains(',', StringComparison.Ordinal);

    private static string Expected(string name, bool hasDate) => name switch
    {
        "from" or "to" when hasDate => "Beside 'date' there is neither 'from' nor 'to'.",
        "date" or "from" or "to" => $"It is a day as text: \"{name}\":\"2024-12-01\".",
        "channel" => "It is a channel, or an array of them: \"channel\":[\"EMAIL\",\"SMS\"]. One with a comma in its name is put in an array, too.",
        "user" => "It is a user's id, or an array of them: \"user\":[1001,1002], or [\"alice\"] where the lake's users are text.",
        "top" => "It is a whole number from 1 on, not in quotation marks: \"top\":10.",
        _ => "There are 'date', 'from', 'to', 'channel', 'user' and 'top'.",
    };

    private static string Shown(string name) => name.Length <= 40 ? $"'{name}'" : $"'{name[..40]}...'";

    private static void WriteDate(Utf8JsonWriter json, string name, DateOnly? date)
    {
        if (date is { } known)
        {
            json.WriteString(name, known.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }
    }

    private static DateOnly? Date(JsonElement json) =>
        json.ValueKind == JsonValueKind.String
        && DateOnly.TryParseExact(json.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date : null;

    private static int? Number(JsonElement json) => json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int number) ? number : null;

    // One value, or an array of them; an empty array would be a lock that nothing fits, and nobody means that.
    private static List<string>? Texts(JsonElement json) => Values(json, static value => value.ValueKind == JsonValueKind.String ? value.GetString() : null);

    // A number of 64 bits may be text, as JavaScript has to write it.
    private static List<IdValue>? Users(JsonElement json, IdType type) => Values<object>(json, value => type switch
    {
        IdType.Text => value.ValueKind == JsonValueKind.String ? new IdValue(value.GetString()!) : null,
        IdType.Number64 when value.ValueKind == JsonValueKind.String =>
            long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? new IdValue(number) : null,
        IdType.Number64 => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? new IdValue(number) : null,
        _ => Number(value) is { } number ? new IdValue(number) : null,
    })?.ConvertAll(static user => (IdValue)user);

    private static List<T>? Values<T>(JsonElement json, Func<JsonElement, T?> read)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            return read(json) is { } single ? [single] : null;
        }

        var values = new List<T>();
        foreach (JsonElement item in json.EnumerateArray())
        {
            if (read(item) is not { } value)
            {
                return null;
            }

            values.Add(value);
        }

        return values.Count > 0 ? values : null;
    }
}
