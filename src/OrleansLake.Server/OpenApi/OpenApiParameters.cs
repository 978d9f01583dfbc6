using System.Text.Json.Nodes;
using OrleansLake.Core.Messages;

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
        ["mapping"] = ("string", "The name of the mapping by which records become messages; the lake's default one if left out, and none: none."),
        ["strict"] = ("boolean", "All or nothing: one record that is not a message, and nothing is stored."),
        ["errors"] = ("integer from 0", "How many errors the answer lists at most, up to 100000; 100 if left out."),
        ["code"] = ("string", "Records with this reason only."),
        ["source"] = ("string", "Records from this source only."),
        ["offset"] = ("string", "Where to read on: earliest, latest, or the offset of one partition."),
        ["topic"] = ("string", "This topic only; all of the source's if left out."),
        ["partition"] = ("integer from 0", "This partition only; all if left out."),
        ["status"] = ("boolean", "With the lake's counts."),
        ["reports"] = ("string[]", "The reports, with commas between; all if left out."),
        ["access_token"] = ("string", "An embed token, for clients that cannot send it as Authorization: Bearer. Keys are not accepted here."),
        ["last_event_id"] = ("string", "As the header Last-Event-ID, for clients that cannot set it."),
    };

    /// <summary>Describes a parameter of the query; one of a report has its name and a dot before it.</summary>
    internal static JsonObject OfQuery(string name, IdTypes ids)
    {
        int dot = name.IndexOf('.');
        (string type, string description) = Meanings[name[(dot + 1)..]];
        type = type == "int32[]" && ids.User != IdType.Number32 ? "string[]" : type;
        return Of(name, "query", dot < 0 ? description : $"Of {name[..dot]}: {description}", type);
    }

    internal static JsonObject Of(string name, string place, string description, string type = "string") => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = place == "path",
        ["description"] = description,
        ["schema"] = type switch
        {
            "date" => new JsonObject { ["type"] = "string", ["format"] = "date" },
            "string[]" => new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } },
            "int32[]" => new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "integer" } },
            "integer from 0" or "integer from 1" => new JsonObject { ["type"] = "integer", ["minimum"] = type[^1] - '0' },
            "report" => new JsonObject { ["type"] = "string", ["enum"] = new JsonArray("report") },
            _ => new JsonObject { ["type"] = type },
        },
    };
}
