using System.Text;
using System.Text.Json;
using OrleansLake.Server.Errors;
using OrleansLake.Server.Reports;
using OrleansLake.Server.Requests;

namespace OrleansLake.Server.Endpoints;

/// <summary>The routes below <c>/v1/mappings</c>: how records of other shapes become messages.</summary>
internal static class MappingEndpoints
{
    private const int BodyBytesMax = 1 << 20;

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
        if (!context.Request.HasJsonContentType())
        {
            throw new RequestException(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The Content-Type is to be application/json.");
        }

        // Read to its bound and no further, whatever length is claimed.
        byte[] bytes = new byte[BodyBytesMax + 1];
        int length = await context.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, context.RequestAborted).ConfigureAwait(false);
        if (length > BodyBytesMax)
        {
            throw new RequestException(StatusCodes.Status413PayloadTooLarge, "too-large", $"The body is larger than {BodyBytesMax} bytes.");
        }

        await server.Client.SetMappingAsync(NameOf(context), Encoding.UTF8.GetString(bytes, 0, length), context.RequestAborted).ConfigureAwait(false);
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
