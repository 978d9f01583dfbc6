using System.Net;
using System.Text.Json;

namespace OrleansLake.Client.Http;

/// <summary>Answers to a send.</summary>
internal static class SendResults
{
    internal static async Task<SendResult> OfAsync(HttpResponseMessage response, string text, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement json = document.RootElement;
            return new SendResult
            {
                Status = SendStatus.Stored,
                Accepted = json.GetProperty("accepted").GetInt64(),
                Duplicates = json.GetProperty("duplicates").GetInt64(),
                Quarantined = json.GetProperty("quarantined").GetInt64(),
                Errors = Errors(json),
                Position = LakePosition.TryParse(json.GetProperty("token").GetString(), out LakePosition? position) ? position : null,
            };
        }

        (string? type, string? detail) = HttpFailure.Problem(response, text);
        SendStatus? status = (response.StatusCode, type) switch
        {
            (HttpStatusCode.UnprocessableEntity, "invalid-records") => SendStatus.Refused,
            (HttpStatusCode.UnprocessableEntity, "idempotency-key-reused") => SendStatus.KeyConflict,
            (HttpStatusCode.UnprocessableEntity or HttpStatusCode.TooManyRequests, "too-many-dates") => SendStatus.TooManyDates,
            (HttpStatusCode.BadRequest, "unknown-mapping") => SendStatus.UnknownMapping,
            (HttpStatusCode.Conflict, _) => SendStatus.InFlight,
            (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable, _) => SendStatus.TryAgain,
            _ => null,
        };
        if (status is not { } known)
        {
            throw await HttpFailure.OfAsync(response, cancellationToken).ConfigureAwait(false);
        }

        IReadOnlyList<SendError> errors = [];
        if (known == SendStatus.Refused)
        {
            using JsonDocument document = JsonDocument.Parse(text);
            errors = Errors(document.RootElement);
        }

        return new SendResult { Status = known, Detail = detail, Errors = errors, RetryAfter = HttpFailure.RetryAfter(response) };
    }

    private static IReadOnlyList<SendError> Errors(JsonElement json) =>
    [
        .. json.GetProperty("errors").EnumerateArray().Select(error => new SendError(
            error.GetProperty("line").GetInt64(), error.GetProperty("code").GetString()!, error.GetProperty("detail").GetString()!)),
    ];
}
