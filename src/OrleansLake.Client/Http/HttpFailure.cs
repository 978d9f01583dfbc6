using System.Globalization;
using System.Net;
using System.Text.Json;

namespace OrleansLake.Client.Http;

/// <summary>Maps failures between a client and a server to the contract's exception.</summary>
internal static class HttpFailure
{
    // What the server allows a request's first line.
    private const int AddressBytesMax = 8 * 1024;

    /// <summary>Returns the exception for a response that is not a success.</summary>
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
        detail ??= response.StatusCode is HttpStatusCode.RequestUriTooLong ? TooLong(response.RequestMessage?.RequestUri) : null;
        return new LakeClientException(kind, detail ?? $"The server answered {(int)response.StatusCode}.") { RetryAfter = RetryAfter(response) };
    }

    // Such as a message's id: what is asked for is in the address.
    private static string? TooLong(Uri? address)
    {
        if (address is null)
        {
            return null;
        }

        // All values of a parameter together: a thousand channels are long, though each is short.
        var parts = address.Query.TrimStart('?').Split('&').Where(static part => part.Contains('=', StringComparison.Ordinal))
            .GroupBy(static part => part[..part.IndexOf('=', StringComparison.Ordinal)])
            .Select(static same => (Name: same.Key, Values: same.Count(), Length: same.Count() == 1 ? same.First().Length - same.Key.Length - 1 : same.Sum(static part => part.Length + 1))).ToList();
        (string name, int values, int taken) = parts.Count > 0 ? parts.MaxBy(static part => part.Length) : ("", 0, 0);
        string what = values == 0 ? "The address" : $"'{name}'";
        string times = values > 1 ? string.Create(CultureInfo.InvariantCulture, $"{values:N0} times ") : "";
        string length = values == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", of which {times}'{name}' takes {taken:N0} as it is escaped");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what} is too long to be asked for: the address has {address.PathAndQuery.Length:N0} bytes{length}, and a lake's server takes {AddressBytesMax:N0} (for method, address and version together).");
    }

    /// <summary>Returns the time after which to try again, as the server says it: in seconds, or by a date.</summary>
    internal static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is not { } told)
        {
            return null;
        }

        // A date is compared with the server's own clock, where it says what that is.
        TimeSpan? delay = told.Delta ?? told.Date - response.Headers.Date;
        return delay < TimeSpan.Zero ? TimeSpan.Zero : delay;
    }

    /// <summary>Returns the problem's name and what it says.</summary>
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

    /// <summary>Returns whether the connection failed: it could not be made, or broke.</summary>
    internal static bool IsOfConnection(Exception failure) => failure is HttpRequestException or IOException;

    /// <summary>Returns whether what came is something else than a lake says, or the start of it only.</summary>
    internal static bool IsOfContent(Exception failure) =>
        failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException;

    internal static LakeClientException Unreachable(Exception failure) =>
        new(LakeClientErrorKind.Unavailable, $"The server cannot be reached: {failure.Message.TrimEnd('.')}.", failure)
        {
            IsUnsent = failure is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError },
        };

    internal static LakeClientException TimedOut(string max, Exception failure) =>
        new(LakeClientErrorKind.Unavailable, $"The server did not answer within {max}.", failure);

    internal static LakeClientException NotUnderstood(Exception failure) => new(
        LakeClientErrorKind.Failed, $"The server's answer is not one of a lake: {failure.Message} Is the address right, and the server not newer than this client?", failure);

    internal static string Text(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
