using System.Text.Json;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Server.Errors;
using OrleansLake.Server.Reports;
using OrleansLake.Server.Requests;

namespace OrleansLake.Server.Endpoints;

/// <summary>The routes below <c>/v1/mappings</c>: how records of other shapes become messages.</summary>
internal static class MappingEndpoints
{
    internal static async Task ListAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        _ = new QueryText(context);
        IReadOnlyDictionary<string, string> mappings = await server.Client.GetMappingsAsync(context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = "application/json";
        using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            json.WriteStartObject();
            json.WriteStartObject("mappings"u8);
            foreach ((string name, string mapping) in mappings.OrderBy(static one => one.Key, StringComparer.Ordinal))
            {
                json.WritePropertyName(name);
                json.WriteRawValue(mapping);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    internal static async Task GetAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        _ = new QueryText(context);
        string name = NameOf(context);
        IReadOnlyDictionary<string, string> mappings = await server.Client.GetMappingsAsync(context.RequestAborted).ConfigureAwait(false);
        if (!mappings.TryGetValue(name, out string? mapping))
        {
            throw NotFound(name);
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(mapping, context.RequestAborted).ConfigureAwait(false);
    }

    internal static async Task SetAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        _ = new QueryText(context);
        ReadOnlyMemory<byte> body = await JsonBody.ReadAsync(context, MessageMapping.BytesMax).ConfigureAwait(false);
        IdTypes ids = await server.Client.GetIdTypesAsync(context.RequestAborted).ConfigureAwait(false);
        string json = MessageMapping.TryParse(body.Span, out MessageMapping? mapping, out string? error, ids) ? mapping.Text : throw RequestException.Bad("bad-request", $"It is not a mapping: {error}.");
        await server.Client.SetMappingAsync(NameOf(context), json, context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    internal static async Task RemoveAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        _ = new QueryText(context);
        string name = NameOf(context);
        context.Response.StatusCode = await server.Client.RemoveMappingAsync(name, context.RequestAborted).ConfigureAwait(false) ? StatusCodes.Status204NoContent : throw NotFound(name);
    }

    private static string NameOf(HttpContext context) => (string)context.GetRouteValue("name")!;

    private static RequestException NotFound(string name) => new(StatusCodes.Status404NotFound, "not-found", $"The lake has no mapping {name}.");
}
