using System.Text.Json;
using OrleansLake.Server.Embedding;
using OrleansLake.Server.Errors;
using OrleansLake.Server.Requests;

namespace OrleansLake.Server.Endpoints;

/// <summary>
/// <c>POST /v1/embed-tokens</c>: a token for sites that cannot sign one, and for trying embedding out.
/// <code>{"reports":{"report1":{"channel":["EMAIL"]}},"expires_in":3600,"subject":"customer 42","key":"site"}</code>
/// </summary>
internal static class EmbedTokenEndpoint
{
    private const int BodyBytesMax = 64 * 1024;
    private static readonly TimeSpan LifetimeDefault = TimeSpan.FromHours(1);
    private static readonly string[] Members = ["reports", "expires_in", "subject", "key"];

    internal static async Task HandleAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        EmbedOptions options = context.RequestServices.GetRequiredService<LakeServerOptions>().Embed;
        if (options.Keys.Count == 0)
        {
            throw new RequestException(StatusCodes.Status409Conflict, "no-embed-key", "The server has no key to sign embed tokens with; start it with one.");
        }

        using JsonDocument body = await ReadAsync(context).ConfigureAwait(false);
        JsonElement json = body.RootElement;
        if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Any(member => !Members.Contains(member.Name, StringComparer.Ordinal)))
        {
            throw RequestException.Bad("bad-token-request", $"The body is to be a JSON object with {string.Join(", ", Members)}; only reports is required.");
        }

        // A lock to users is read by the type of their ids.
        await server.Client.GetIdTypesAsync(context.RequestAborted).ConfigureAwait(false);
        string problem = "'reports' is to name the reports that may be read.";
        if (!json.TryGetProperty("reports", out JsonElement claims) || EmbedClaims.Read(claims, server.Client.Reports, out problem) is not { } reports)
        {
            throw RequestException.Bad("bad-token-request", problem);
        }

        var token = new EmbedToken
        {
            KeyId = Text(json, "key") ?? options.Keys[0].Id,
            ExpiresAt = server.Clock.GetUtcNow() + Lifetime(json, options),
            Reports = reports,
            Subject = Text(json, "subject"),
        };
        if (options.Keys.All(key => key.Id != token.KeyId))
        {
            throw RequestException.Bad("bad-token-request", "There is no embed key of that name.");
        }

        string text = context.RequestServices.GetRequiredService<EmbedTokens>().Write(token);
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json";
        using (var answer = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            answer.WriteStartObject();
            answer.WriteString("token"u8, text);
            answer.WriteString("expires_at"u8, DateTimeOffset.FromUnixTimeSeconds(token.ExpiresAt.ToUnixTimeSeconds()));
            answer.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<JsonDocument> ReadAsync(HttpContext context) =>
        StrictJson.TryParse(await JsonBody.ReadAsync(context, BodyBytesMax).ConfigureAwait(false))
            ?? throw RequestException.Bad("bad-token-request", "The body is not JSON in UTF-8, or says something twice.");

    private static TimeSpan Lifetime(JsonElement json, EmbedOptions options)
    {
        if (!json.TryGetProperty("expires_in", out JsonElement value))
        {
            return LifetimeDefault < options.LifetimeMax ? LifetimeDefault : options.LifetimeMax;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int seconds) && seconds > 0 && TimeSpan.FromSeconds(seconds) <= options.LifetimeMax
            ? TimeSpan.FromSeconds(seconds)
            : throw RequestException.Bad("bad-token-request", $"'expires_in' is to be a whole number of seconds, at most {options.LifetimeMax.TotalSeconds:0}.");
    }

    private static string? Text(JsonElement json, string name) => !json.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw RequestException.Bad("bad-token-request", $"'{name}' is to be a text.");
}
