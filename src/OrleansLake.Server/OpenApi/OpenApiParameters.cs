using System.Text.Json;

namespace OrleansLake.Server.OpenApi;

/// <summary>The parameters of a description: what each one means, by its name.</summary>
internal static class OpenApiParameters
{
    private static readonly Dictionary<string, (string Type, string Description)> Meanings = new()
    {
        ["date"] = ("date", "Rows of this date only."),
        ["from"] = ("date", "Rows of this date and later only."),
        ["to"] = ("date", "Rows of this date and earlier only."),
        ["id"] = ("string", "The message's id, exactly."),
        ["channel"] = ("string[]", "Rows of these channels only; several with commas between, or by repetition. A comma of a channel's own is written \\, and a backslash \\\\."),
        ["user"] = ("int32[]", "Rows of these users only; several with commas between, or by repetition."),
        ["top"] = ("integer from 1", "The first so many rows only, in the report's order."),
        ["skip"] = ("integer from 0", "Leaves so many out at the start."),
        ["limit"] = ("integer from 0", "At most so many."),
        ["min_position"] = ("string", "Waits until this position is shown (a token, or Lake-Position); 410 if it is of another generation."),
        ["wait"] = ("report", "report: answers when the reports show the messages."),
        ["strict"] = ("boolean", "All or nothing: one record that is not a message, and nothing is stored."),
        ["errors"] = ("integer from 0", "How many errors the answer lists at most, up to 100000; 100 if left out."),
        ["code"] = ("string", "Records with this reason only."),
        ["source"] = ("string", "Records from this source only."),
        ["status"] = ("boolean", "With the lake's counts."),
        ["reports"] = ("string[]", "The reports, with commas between; all if left out."),
        ["access_token"] = ("string", "An embed token, for clients that cannot send it as Authorization: Bearer. Keys are not accepted here."),
        ["last_event_id"] = ("string", "As the header Last-Event-ID, for clients that cannot set it."),
    };

    /// <summary>Writes a parameter of the query; one of a report has its name and a dot before it.</summary>
    internal static void WriteQuery(Utf8JsonWriter json, string name)
    {
        int dot = name.IndexOf('.');
        (string type, string description) = Meanings[name[(dot + 1)..]];
        Write(json, name, "query", dot < 0 ? description : $"Of {name[..dot]}: {description}", type);
    }

    internal static void Write(Utf8JsonWriter json, string name, string place, string description, string type = "string")
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("in"u8, place);
        json.WriteBoolean("required"u8, place == "path");
        json.WriteString("description"u8, description);
        json.WriteStartObject("schema"u8);
        switch (type)
        {
            case "date":
                json.WriteString("type"u8, "string"u8);
                json.WriteString("format"u8, "date"u8);
                break;
            case "string[]" or "int32[]":
                json.WriteString("type"u8, "array"u8);
                json.WriteStartObject("items"u8);
                json.WriteString("type"u8, type[0] == 's' ? "string" : "integer");
                json.WriteEndObject();
                break;
            case "integer from 0" or "integer from 1":
                json.WriteString("type"u8, "integer"u8);
                json.WriteNumber("minimum"u8, type[^1] - '0');
                break;
            case "report":
                json.WriteString("type"u8, "string"u8);
                json.WriteStartArray("enum"u8);
                json.WriteStringValue("report"u8);
                json.WriteEndArray();
                break;
            default:
                json.WriteString("type"u8, type);
                break;
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
