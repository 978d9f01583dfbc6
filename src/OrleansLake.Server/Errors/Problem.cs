using System.Text.Json;
using OrleansLake.Client;
using OrleansLake.Server.Json;

namespace OrleansLake.Server.Errors;

/// <summary>Errors as RFC 9457 has them: <c>application/problem+json</c>, with a type that programs distinguish.</summary>
internal static class Problem
{
    internal const string ContentType = "application/problem+json";

    /// <summary>Answers with a problem.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="type">The problem's name, the end of its <c>type</c>: <c>unknown-parameter</c>, ...</param>
    /// <param name="detail">What is wrong, and what to do.</param>
    /// <param name="more">Members beside those of the RFC.</param>
    internal static Task WriteAsync(HttpContext context, int status, string type, string detail, Action<Utf8JsonWriter>? more = null)
    {
        if (context.Response.HasStarted)
        {
            // An answer that has begun can only be cut off: what is there must not look whole.
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        using (var json = new Utf8JsonWriter(context.Response.BodyWriter, AnswerJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, $"urn:orleanslake:problem:{type}");
            json.WriteString("title"u8, TitleOf(status));
            json.WriteNumber("status"u8, status);
            json.WriteString("detail"u8, detail);
            more?.Invoke(json);
            json.WriteEndObject();
        }

        return context.Response.BodyWriter.FlushAsync(context.RequestAborted).AsTask();
    }

    /// <summary>Answers with what a call on the lake failed with.</summary>
    internal static Task WriteAsync(HttpContext context, LakeClientException failure)
    {
        (int status, string type) = failure.Kind switch
        {
            LakeClientErrorKind.BadRequest => (StatusCodes.Status400BadRequest, "bad-request"),
            LakeClientErrorKind.NotFound => (StatusCodes.Status404NotFound, "not-found"),
            LakeClientErrorKind.Unauthorized => (StatusCodes.Status401Unauthorized, "unauthorized"),
            LakeClientErrorKind.PositionGone => (StatusCodes.Status410Gone, "position-gone"),
            LakeClientErrorKind.PositionNotReached => (StatusCodes.Status504GatewayTimeout, "position-not-reached"),
            LakeClientErrorKind.TooLarge => (StatusCodes.Status413PayloadTooLarge, "too-large"),

            // What the lake, or the silos that have it, could not do: not what there is too much of.
            LakeClientErrorKind.Unavailable when failure.InnerException is not null => (StatusCodes.Status503ServiceUnavailable, "unavailable"),
            LakeClientErrorKind.Unavailable or LakeClientErrorKind.TooSlow => (StatusCodes.Status429TooManyRequests, "try-again"),
            _ => (StatusCodes.Status500InternalServerError, "failed"),
        };
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            RetryAfter(context, failure.RetryAfter ?? TimeSpan.FromSeconds(1));
        }

        return WriteAsync(context, status, type, failure.Message);
    }

    /// <summary>Writes when to try again, in whole seconds.</summary>
    internal static void RetryAfter(HttpContext context, TimeSpan delay) =>
        context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string TitleOf(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}
