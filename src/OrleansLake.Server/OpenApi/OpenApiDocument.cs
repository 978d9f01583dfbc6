using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using OrleansLake.Core.Reports;
using OrleansLake.Server.Endpoints;
using OrleansLake.Server.Errors;
using OrleansLake.Server.Json;
using OrleansLake.Server.Messages;
using OrleansLake.Server.Requests;

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
        var paths = new JsonObject();
        foreach (IGrouping<string, RouteEndpoint> path in routes.Where(route => route.Metadata.GetMetadata<LakeOperation>() is not null)
            .Select(route => (Route: route, Path: PathOf(route))).Where(one => one.Path.StartsWith(prefix, StringComparison.Ordinal))
            .GroupBy(one => one.Path[prefix.Length..], one => one.Route).OrderBy(path => path.Key, StringComparer.Ordinal))
        {
            var operations = new JsonObject();
            foreach (RouteEndpoint route in path)
            {
                foreach (string method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
                {
                    operations[method.ToLowerInvariant()] = Operation(route, path.Key, method, reports);
                }
            }

            paths[path.Key] = operations;
        }

        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "OrleansLake",
                ["version"] = "v1",
                ["description"] = "Messages in, reports out, live. Every error is application/problem+json (RFC 9457).",
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = server.Length > 0 ? server : "/" }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = IdSchemas.Of(JsonNode.Parse(LakeSchemas.Json)!, reports.Ids),
                ["securitySchemes"] = new JsonObject
                {
                    [KeyScheme] = Scheme("A key of the server, with the scope that an operation names. A server on loopback may ask for none.", null),
                    [EmbedScheme] = Scheme("A token that a site signs for its readers, locked to reports.", "JWT"),
                },
            },
        };
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, AnswerJson.Indented))
        {
            document.WriteTo(json);
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Returns a route's path as it is in a description: a parameter that takes several segments is one like others there.</summary>
    internal static string PathOf(RouteEndpoint route) => "/" + route.RoutePattern.RawText!.TrimStart('/').Replace("{**", "{", StringComparison.Ordinal);

    private static JsonObject Operation(RouteEndpoint route, string path, string method, ReportCatalog reports)
    {
        LakeOperation operation = route.Metadata.GetMetadata<LakeOperation>()!;
        LakeAnswers answers = LakeAnswers.Of(method, path);
        IEnumerable<JsonObject> parameters =
        [
            .. route.RoutePattern.Parameters.Select(parameter => parameter.Name).Where(name => path.Contains($"{{{name}}}", StringComparison.Ordinal))
                .Select(name => OpenApiParameters.Of(name, "path", name == "report" ? $"{string.Join(" or ", reports.Select(static report => report.Name))}." : "The id, exactly.")),
            .. operation.Parameters.Concat(operation.IsOfSeveralReports ? StreamEndpoint.ParametersOf(reports) : []).Select(name => OpenApiParameters.OfQuery(name, reports.Ids)),
            .. operation.Headers.Select(header => OpenApiParameters.Of(header.Name, "header", header.Description)),
        ];
        var described = new JsonObject
        {
            ["operationId"] = answers.Id,
            ["summary"] = operation.Summary,
            ["parameters"] = new JsonArray([.. parameters]),
        };
        if (operation.RequestTypes.Count > 0)
        {
            // JSON first: generators of clients take the first that they know.
            described["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = Content(operation.RequestTypes.OrderBy(type => type != "application/json"), answers.Body, isRequest: true),
            };
        }

        described["responses"] = Responses(operation, answers, method == "HEAD");
        described["security"] = Security(operation, path);
        return described;
    }

    private static JsonObject Responses(LakeOperation operation, LakeAnswers answers, bool isHead)
    {
        var responses = new JsonObject();
        int[] others = operation.Scope == LakeScopes.None ? [] : [400, 401, 403, 429, 503];
        foreach (int status in (IEnumerable<int>)[operation.Success, .. operation.Failures.Concat(others).Distinct().Order()])
        {
            // The answer of a health check is one that says no.
            bool isSuccess = status < 300 || answers.Success == "Health";
            responses[status.ToString(CultureInfo.InvariantCulture)] = Response(
                ReasonPhrases.GetReasonPhrase(status), isHead || status == 304 ? [] : isSuccess ? operation.MediaTypes : [Problem.ContentType], answers.Success, HeadersOf(operation, status));
        }

        responses["default"] = Response("Any other error.", isHead ? [] : [Problem.ContentType], null, []);
        return responses;
    }

    private static IReadOnlyList<(string Name, string Description, string Type)> HeadersOf(LakeOperation operation, int status) => status switch
    {
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => [("Retry-After", "When to try again, in seconds.", "integer")],
        StatusCodes.Status304NotModified => operation.AnswerHeaders,
        _ => status == operation.Success ? operation.AnswerHeaders : [],
    };

    private static JsonArray Security(LakeOperation operation, string path)
    {
        if (operation.Scope == LakeScopes.None)
        {
            return [];
        }

        var key = new JsonObject { [KeyScheme] = new JsonArray(operation.Scope.ToString().ToLowerInvariant()) };
        bool isEmbeddable = path.StartsWith("/v1/reports/", StringComparison.Ordinal) || path == "/v1/stream";
        return isEmbeddable ? new JsonArray(key, new JsonObject { [EmbedScheme] = new JsonArray() }) : new JsonArray(key);
    }

    private static JsonObject Response(string description, IReadOnlyList<string> mediaTypes, string? schema, IReadOnlyList<(string Name, string Description, string Type)> headers)
    {
        var response = new JsonObject { ["description"] = description };
        if (headers.Count > 0)
        {
            response["headers"] = new JsonObject(headers.Select(header => KeyValuePair.Create(
                header.Name, (JsonNode?)new JsonObject { ["description"] = header.Description, ["schema"] = new JsonObject { ["type"] = header.Type } })));
        }

        if (mediaTypes.Count > 0)
        {
            response["content"] = Content(mediaTypes, schema, isRequest: false);
        }

        return response;
    }

    private static JsonObject Content(IEnumerable<string> types, string? schema, bool isRequest) => new(types.Select(type =>
    {
        string media = type.Split(';')[0];
        return KeyValuePair.Create(media, (JsonNode?)new JsonObject { ["schema"] = Schema(media, media == Problem.ContentType ? "Problem" : schema, isRequest) });
    }));

    private static JsonObject Schema(string media, string? schema, bool isRequest)
    {
        if (schema is not null && media is "application/json" or Problem.ContentType or "text/event-stream")
        {
            var reference = new JsonObject { ["$ref"] = "#/components/schemas/" + schema };

            // Messages come in any number; one alone is taken as well.
            return isRequest && schema == "Message" ? new JsonObject { ["type"] = "array", ["items"] = reference } : reference;
        }

        if (media == "application/json")
        {
            return new JsonObject { ["type"] = "object" };
        }

        if (media == MessageTypes.Form)
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = new JsonObject { ["type"] = "string" } };
        }

        // Lines, or a file. What is sent are bytes: a generated client would make a JSON string of a text.
        bool isBinary = isRequest || media.Contains("parquet", StringComparison.Ordinal);
        return isBinary ? new JsonObject { ["type"] = "string", ["format"] = "binary" } : new JsonObject { ["type"] = "string" };
    }

    private static JsonObject Scheme(string description, string? format)
    {
        var scheme = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" };
        if (format is not null)
        {
            scheme["bearerFormat"] = format;
        }

        scheme["description"] = description;
        return scheme;
    }
}
