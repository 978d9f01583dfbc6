using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using OrleansLake.Core.Reports;
using OrleansLake.Server.Errors;
using OrleansLake.Server.Live;

namespace OrleansLake.Server.OpenApi;

/// <summary>
/// The API's description (OpenAPI 3.1), made from the routes that are mapped and the parameters that they are held
/// against: it cannot say something else than the server does.
/// </summary>
internal static class OpenApiDocument
{
    private const string KeyScheme = "key";
    private const string EmbedScheme = "embedToken";

    /// <summary>Writes it.</summary>
    /// <param name="routes">What is mapped.</param>
    /// <param name="prefix">What precedes <c>/v1/...</c> in these routes: they are described without it.</param>
    /// <param name="server">Where that is, as a client's requests have it.</param>
    /// <param name="reports">The reports that the lake keeps.</param>
    internal static byte[] Write(IEnumerable<RouteEndpoint> routes, string prefix, string server, ReportCatalog reports)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("openapi"u8, "3.1.0"u8);
        json.WriteStartObject("info"u8);
        json.WriteString("title"u8, "OrleansLake"u8);
        json.WriteString("version"u8, "v1"u8);
        json.WriteString("description"u8, "Messages in, reports out, live. Every error is application/problem+json (RFC 9457)."u8);
        json.WriteStartObject("license"u8);
        json.WriteString("name"u8, "MIT"u8);
        json.WriteString("identifier"u8, "MIT"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartArray("servers"u8);
        json.WriteStartObject();
        json.WriteString("url"u8, server.Length > 0 ? server : "/");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("paths"u8);
        foreach (IGrouping<string, RouteEndpoint> path in routes.Where(route => route.Metadata.GetMetadata<LakeOperation>() is not null)
            .Select(route => (Route: route, Path: PathOf(route))).Where(one => one.Path.StartsWith(prefix, StringComparison.Ordinal))
            .GroupBy(one => one.Path[prefix.Length..], one => one.Route).OrderBy(path => path.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject(path.Key);
            foreach (RouteEndpoint route in path)
            {
                foreach (string method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
                {
                    json.WritePropertyName(method.ToLowerInvariant());
                    WriteOperation(json, route, path.Key, method, reports);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("components"u8);
        json.WritePropertyName("schemas"u8);
        using (JsonDocument schemas = JsonDocument.Parse(LakeSchemas.Json))
        {
            schemas.RootElement.WriteTo(json);
        }

        json.WriteStartObject("securitySchemes"u8);
        WriteScheme(json, KeyScheme, "A key of the server, with the scope that an operation names. A server on loopback may ask for none.", null);
        WriteScheme(json, EmbedScheme, "A token that a site signs for its readers, locked to reports.", "JWT");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Returns a route's path as it is in a description: a parameter that takes several segments is one like others there.</summary>
    internal static string PathOf(RouteEndpoint route) => "/" + route.RoutePattern.RawText!.TrimStart('/').Replace("{**", "{", StringComparison.Ordinal);

    private static void WriteOperation(Utf8JsonWriter json, RouteEndpoint route, string path, string method, ReportCatalog reports)
    {
        LakeOperation operation = route.Metadata.GetMetadata<LakeOperation>()!;
        LakeAnswers answers = LakeAnswers.Of(method, path);
        json.WriteStartObject();
        json.WriteString("operationId"u8, answers.Id);
        json.WriteString("summary"u8, operation.Summary);
        json.WriteStartArray("parameters"u8);
        foreach (string name in route.RoutePattern.Parameters.Select(parameter => parameter.Name).Where(name => path.Contains($"{{{name}}}", StringComparison.Ordinal)))
        {
            OpenApiParameters.Write(json, name, "path", name == "report" ? $"{string.Join(" or ", reports.Select(static report => report.Name))}." : "The id, exactly.");
        }

        foreach (string name in operation.IsOfSeveralReports ? operation.Parameters.Concat(StreamEndpoint.ParametersOf(reports)) : operation.Parameters)
        {
            OpenApiParameters.WriteQuery(json, name);
        }

        foreach ((string name, string description) in operation.Headers)
        {
            OpenApiParameters.Write(json, name, "header", description);
        }

        json.WriteEndArray();
        if (operation.RequestTypes.Count > 0)
        {
            json.WriteStartObject("requestBody"u8);
            json.WriteBoolean("required"u8, true);
            json.WriteStartObject("content"u8);

            // JSON first: generators of clients take the first that they know.
            foreach (string type in operation.RequestTypes.OrderBy(type => type != "application/json"))
            {
                WriteContent(json, type, answers.Body, isRequest: true);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteStartObject("responses"u8);
        WriteResponses(json, operation, answers, method == "HEAD");
        json.WriteEndObject();
        WriteSecurity(json, operation, path);
        json.WriteEndObject();
    }

    private static void WriteResponses(Utf8JsonWriter json, LakeOperation operation, LakeAnswers answers, bool isHead)
    {
        int[] others = operation.Scope == LakeScopes.None ? [] : [400, 401, 403, 429, 503];
        foreach (int status in (IEnumerable<int>)[operation.Success, .. operation.Failures.Concat(others).Distinct().Order()])
        {
            // The answer of a health check is one that says no.
            bool isSuccess = status < 300 || answers.Success == "Health";
            WriteResponse(json, status.ToString(CultureInfo.InvariantCulture), ReasonPhrases.GetReasonPhrase(status), isHead || status == 304 ? [] : isSuccess ? operation.MediaTypes : [Problem.ContentType], answers.Success, HeadersOf(operation, status));
        }

        WriteResponse(json, "default", "Any other error.", isHead ? [] : [Problem.ContentType], null, []);
    }

    private static IReadOnlyList<(string Name, string Description, string Type)> HeadersOf(LakeOperation operation, int status) => status switch
    {
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => [("Retry-After", "When to try again, in seconds.", "integer")],
        StatusCodes.Status304NotModified => operation.AnswerHeaders,
        _ => status == operation.Success ? operation.AnswerHeaders : [],
    };

    private static void WriteSecurity(Utf8JsonWriter json, LakeOperation operation, string path)
    {
        json.WriteStartArray("security"u8);
        if (operation.Scope != LakeScopes.None)
        {
            json.WriteStartObject();
            json.WriteStartArray(KeyScheme);
            json.WriteStringValue(operation.Scope.ToString().ToLowerInvariant());
            json.WriteEndArray();
            json.WriteEndObject();
            if (path.StartsWith("/v1/reports/", StringComparison.Ordinal) || path == "/v1/stream")
            {
                json.WriteStartObject();
                json.WriteStartArray(EmbedScheme);
                json.WriteEndArray();
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private static void WriteResponse(Utf8JsonWriter json, string status, string description, IReadOnlyList<string> mediaTypes, string? schema, IReadOnlyList<(string Name, string Description, string Type)> headers)
    {
        json.WriteStartObject(status);
        json.WriteString("description"u8, description);
        if (headers.Count > 0)
        {
            json.WriteStartObject("headers"u8);
            foreach ((string name, string meaning, string type) in headers)
            {
                json.WriteStartObject(name);
                json.WriteString("description"u8, meaning);
                WriteSchema(json, type, null);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        if (mediaTypes.Count > 0)
        {
            json.WriteStartObject("content"u8);
            foreach (string type in mediaTypes)
            {
                WriteContent(json, type, type == Problem.ContentType ? "Problem" : schema, isRequest: false);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter json, string type, string? schema, bool isRequest)
    {
        string media = type.Split(';')[0];
        json.WriteStartObject(media);
        bool isRef = schema is not null && media is "application/json" or Problem.ContentType or "text/event-stream";
        if (isRef && isRequest && schema == "Message")
        {
            // Messages come in any number; one alone is taken as well.
            json.WriteStartObject("schema"u8);
            json.WriteString("type"u8, "array"u8);
            json.WriteStartObject("items"u8);
            json.WriteString("$ref"u8, "#/components/schemas/" + schema);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        else if (isRef)
        {
            json.WriteStartObject("schema"u8);
            json.WriteString("$ref"u8, "#/components/schemas/" + schema);
            json.WriteEndObject();
        }
        else if (media == "application/json")
        {
            WriteSchema(json, "object", null);
        }
        else
        {
            // Lines, or a file. What is sent are bytes: a generated client would make a JSON string of a text.
            WriteSchema(json, "string", isRequest || media.Contains("parquet", StringComparison.Ordinal) ? "binary" : null);
        }

        json.WriteEndObject();
    }

    private static void WriteSchema(Utf8JsonWriter json, string type, string? format)
    {
        json.WriteStartObject("schema"u8);
        json.WriteString("type"u8, type);
        if (format is not null)
        {
            json.WriteString("format"u8, format);
        }

        json.WriteEndObject();
    }

    private static void WriteScheme(Utf8JsonWriter json, string name, string description, string? format)
    {
        json.WriteStartObject(name);
        json.WriteString("type"u8, "http"u8);
        json.WriteString("scheme"u8, "bearer"u8);
        if (format is not null)
        {
            json.WriteString("bearerFormat"u8, format);
        }

        json.WriteString("description"u8, description);
        json.WriteEndObject();
    }
}
