using System.Text.Json.Nodes;
using OrleansLake.Core.Messages;

namespace OrleansLake.Server.OpenApi;

/// <summary>The schemas of ids in a lake where they are not numbers of 32 bits, in place of those that the schemas have.</summary>
internal static class IdSchemas
{
    /// <summary>Changes all schemas of ids within some.</summary>
    internal static JsonNode Of(JsonNode schemas, IdTypes ids)
    {
        if (!ids.AreDefault)
        {
            Change(schemas, ids);
        }

        return schemas;
    }

    private static void Change(JsonNode? node, IdTypes ids)
    {
        if (node is JsonArray array)
        {
            foreach (JsonNode? item in array)
            {
                Change(item, ids);
            }
        }

        foreach ((string name, JsonNode? member) in node is JsonObject found ? found.ToList() : [])
        {
            if (member is JsonObject schema && name is "user_id" or "country_id" or "user")
            {
                SetType((JsonObject)(name == "user" ? member["items"]! : schema), name == "country_id" ? ids.Country : ids.User, isNullable: name != "user");
            }
            else
            {
                Change(member, ids);
            }
        }
    }

    private static void SetType(JsonObject schema, IdType type, bool isNullable)
    {
        string[] types = type switch
        {
            IdType.Text => ["string"],
            IdType.Number64 => ["integer", "string"],
            _ => ["integer"],
        };
        schema["type"] = types.Length == 1 && !isNullable ? types[0] : new JsonArray([.. types.Concat(isNullable ? ["null"] : []).Select(static name => (JsonNode)name!)]);
        if (type != IdType.Number32)
        {
            schema.Remove("format");
        }

        if (type == IdType.Number64)
        {
            schema["description"] = "A number of 64 bits; text where JavaScript would round it.";
        }
    }
}
