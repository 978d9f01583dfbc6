using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using OrleansLake.Server.Errors;

namespace OrleansLake.Server.OpenApi;

/// <summary>
/// The API's description (OpenAPI 3.1), made from the routes that are mapped and the parameters that they are held
/// against: it cannot say something else than the server does.
/// </summary>
internal static class OpenApiDocument
{
    private static readonly Dictionary<string, (string Type, string Description)> Meanings = new()
    {
        ["date"] = ("date", "Rows of this date only."),
        ["from"] = ("date", "Rows of this date and later only."),
        ["to"] = ("date", "Rows of this date and earlier only."),
        ["channel"] = ("string", "Rows of these channels only; several with commas between, or by repetition."),
        ["user"] = ("string", "Rows of these users only; several with commas between, or by repetition."),
        ["top"] = ("integer", "The first so many rows only, in the report's order."),
        ["skip"] = ("integer", "Leaves so many out at the start."),
        ["limit"] = ("integer", "At most so many."),
        ["min_position"] = ("string", "Waits until this position is shown (a token, or Lake-Position); 410 if it is of another generation."),
        ["wait"] = ("string", "report: answers when the reports show the messages."),
        ["strict"] = ("boolean", "All or nothing: one record that is no message, and nothing is stored."),
        ["code"] = ("string", "Records with this reason only."),
        ["source"] = ("string", "Records from this source only."),
        ["status"] = ("boolean", "With the lake's counts."),
        ["reports"] = ("string", "The reports, with commas between; all if left out."),
        ["last_event_id"] = ("string", "As the header Last-Event-ID, for clients that cannot set it."),
    };

    internal static byte[] Write(IEnumerable<RouteEndpoint> routes)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("openapi"u8, "3.1.0"u8);
        json.WriteStartObject("info"u8);
        json.WriteString("title"u8, "OrleansLake"u8);
        json.WriteString("version"u8, "v1"u8);
        json.WriteString("description"u8, "Messages in, reports out, live. Every error is application/problem+json (RFC 9457)."u8);
        json.WriteEndObject();
        json.WriteStartObject("paths"u8);
        foreach (IGrouping<string, RouteEndpoint> path in routes.Where(route => route.Metadata.GetMetadata<LakeOperation>() is not null)
            .GroupBy(route => "/" + route.RoutePattern.RawText!.TrimStart('/')).OrderBy(path => path.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject(path.Key);
            foreach (RouteEndpoint route in path)
            {
                foreach (string method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
                {
                    json.WritePropertyName(method.ToLowerInvariant());
                    WriteOperation(json, route, route.Metadata.GetMetadata<LakeOperation>()!, method);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("components"u8);
        WriteProblem(json);
        json.WriteStartObject("securitySchemes"u8);
        json.WriteStartObject("key"u8);
        json.WriteString("type"u8, "http"u8);
        json.WriteString("scheme"u8, "bearer"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteOperation(Utf8JsonWriter json, RouteEndpoint route, LakeOperation operation, string method)
    {
        json.WriteStartObject();
        json.WriteString("summary"u8, operation.Summary);
        json.WriteStartArray("parameters"u8);
        foreach (var parameter in route.RoutePattern.Parameters)
        {
            WriteParameter(json, parameter.Name, "path", "string", parameter.Name == "report" ? "report1 or report2." : "The id, exactly.");
        }

        foreach (string name in operation.Parameters)
        {
            (string type, string description) = Meanings[name[(name.IndexOf('.') + 1)..]];
            WriteParameter(json, name, "query", type, name.Contains('.') ? $"Of {name[..name.IndexOf('.')]}: {description}" : description);
        }

        foreach ((string name, string description) in operation.Headers)
        {
            WriteParameter(json, name, "header", "string", description);
        }

        json.WriteEndArray();
        if (operation.RequestTypes.Count > 0)
        {
            json.WriteStartObject("requestBody"u8);
            json.WriteBoolean("required"u8, true);
            WriteContent(json, operation.RequestTypes, isProblem: false);
            json.WriteEndObject();
        }

        json.WriteStartObject("responses"u8);
        WriteResponse(json, operation.Success, method == "HEAD" ? [] : operation.MediaTypes);
        foreach (int status in operation.Failures)
        {
            WriteResponse(json, status, status == 200 ? operation.MediaTypes : status == 304 ? [] : [Problem.ContentType]);
        }

        foreach (int status in operation.Scope == LakeScopes.None ? (int[])[] : [400, 401, 403, 429, 503])
        {
            WriteResponse(json, status, [Problem.ContentType]);
        }

        json.WriteEndObject();
        if (operation.Scope != LakeScopes.None)
        {
            json.WriteStartArray("security"u8);
            json.WriteStartObject();
            json.WriteStartArray("key"u8);
            json.WriteStringValue(operation.Scope.ToString().ToLowerInvariant());
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter json, string name, string place, string type, string description)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("in"u8, place);
        json.WriteBoolean("required"u8, place == "path");
        json.WriteString("description"u8, description);
        json.WriteStartObject("schema"u8);
        json.WriteString("type"u8, type == "date" ? "string" : type);
        if (type == "date")
        {
            json.WriteString("format"u8, "date"u8);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResponse(Utf8JsonWriter json, int status, IReadOnlyList<string> mediaTypes)
    {
        json.WriteStartObject(status.ToString(CultureInfo.InvariantCulture));
        json.WriteString("description"u8, ReasonPhrases.GetReasonPhrase(status));
        if (mediaTypes.Count > 0)
        {
            WriteContent(json, mediaTypes, mediaTypes is [Problem.ContentType]);
        }

        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, IReadOnlyList<string> mediaTypes, bool isProblem)
    {
        json.WriteStartObject("content"u8);
        foreach (string type in mediaTypes)
        {
            json.WriteStartObject(type.Split(';')[0]);
            if (isProblem)
            {
                json.WriteStartObject("schema"u8);
                json.WriteString("$ref"u8, "#/components/schemas/Problem"u8);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteProblem(Utf8JsonWriter json)
    {
        json.WriteStartObject("schemas"u8);
        json.WriteStartObject("Problem"u8);
        json.WriteString("type"u8, "object"u8);
        json.WriteStartObject("properties"u8);
        foreach (string name in (string[])["type", "title", "detail", "status"])
        {
            json.WriteStartObject(name);
            json.WriteString("type"u8, name == "status" ? "integer"u8 : "string"u8);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
