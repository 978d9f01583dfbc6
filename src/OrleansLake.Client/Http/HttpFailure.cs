using System.Net;
using System.Text.Json;

namespace OrleansLake.Client.Http;

/// <summary>An answer that is no success, as the contract's exception.</summary>
internal static class HttpFailure
{
    internal static async Task<LakeClientException> OfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        (string? type, string? detail) = Problem(response, text);
        LakeClientErrorKind kind = (response.StatusCode, type) switch
        {
            (HttpStatusCode.NotFound, _) => LakeClientErrorKind.NotFound,
            (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, _) => LakeClientErrorKind.Unauthorized,
            (HttpStatusCode.Gone, _) => LakeClientErrorKind.PositionGone,
            (HttpStatusCode.GatewayTimeout, "position-not-reached") => LakeClientErrorKind.PositionNotReached,
            (HttpStatusCode.RequestEntityTooLarge, _) => LakeClientErrorKind.TooLarge,
            (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout or HttpStatusCode.RequestTimeout, _) => LakeClientErrorKind.Unavailable,
            ( >= HttpStatusCode.InternalServerError, _) => LakeClientErrorKind.Failed,
            _ => LakeClientErrorKind.BadRequest,
        };
        return new LakeClientException(kind, detail ?? $"The server answered {(int)response.StatusCode}.") { RetryAfter = RetryAfter(response) };
    }

    internal static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;

    /// <summary>The problem's name and what it says.</summary>
    internal static (string? Type, string? Detail) Problem(HttpResponseMessage response, string text)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return (null, null);
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return (json.RootElement.GetProperty("type").GetString()?.Split(':')[^1], json.RootElement.GetProperty("detail").GetString());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (null, null);
        }
    }
}
