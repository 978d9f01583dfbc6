using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OrleansLake.Client;
using OrleansLake.Client.Sending;
using OrleansLake.Server.Diagnostics;
using OrleansLake.Server.Errors;
using OrleansLake.Server.Json;
using OrleansLake.Server.Messages;
using OrleansLake.Server.Reports;
using OrleansLake.Server.Requests;

namespace OrleansLake.Server.Endpoints;

/// <summary><c>POST /v1/messages</c>: 202 once what was sent is durable, or 200 once the reports show it.</summary>
internal static class SendEndpoint
{
    internal static readonly string[] Parameters = ["wait", "strict", "errors", "mapping"];

    private static readonly SearchValues<byte> Blanks = SearchValues.Create([(byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', (byte)',', 0xEF, 0xBB, 0xBF]);

    // Three counts of up to 20 digits, a position of at most 41 characters, and 68 around them.
    private const int ReceiptBytesMax = 192;

    internal static async Task HandleAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        bool waits = false;
        bool isStrict = false;
        string? mapping = null;
        int errorsMax = SendErrors.ErrorsMax;
        if (context.Request.QueryString.HasValue)
        {
            var query = new QueryText(context, Parameters);
            waits = query.Text("wait") switch
            {
                null => false,
                "report" => true,
                _ => throw RequestException.Bad("bad-parameter", "'wait' can be report, or be left out."),
            };
            isStrict = query.Flag("strict");
            mapping = query.Text("mapping");
            errorsMax = query.Number("errors", 0, SendErrors.ErrorsLimit) ?? errorsMax;
        }

        bool isJsonText = IsJsonText(context, server, mapping, out bool isForm);
        string? key = KeyOf(context.Request.Headers["Idempotency-Key"]);

        using RequestBody body = await RequestBody.ReadAsync(context, server.Limits, server.Bodies, server.Drain.Over, isForm).ConfigureAwait(false);
        if (IsBlank(body.Bytes))
        {
            // Under a key, which would be used up for nothing.
            throw RequestException.Bad("empty-body", "The body is empty: it holds no message, and nothing was stored. An empty array ([], as application/json) holds none on purpose.");
        }

        SendResult result = await server.Client.SendAsync(
            body.Bytes,
            new SendOptions { IdempotencyKey = key, Strict = isStrict, IsJsonText = isJsonText, Mapping = mapping, WaitForReports = waits, ErrorsMax = errorsMax, Source = access.Source, Sender = SenderOf(context, access) },

            // A wait for reports may be long. That for the fsync is short: cancelling it would cost more than it takes.
            waits ? context.RequestAborted : CancellationToken.None).ConfigureAwait(false);
        server.Metrics.Sent(result, body.Bytes.Length);
        if (server.LeftOut.Next(access.Source, mapping, result.LeftOut) is { } leftOut)
        {
            server.Log.FieldsLeftOut(leftOut);
        }

        await AnswerAsync(context, result, waits, NoteOf(result, body.Bytes.FirstSpan, isJsonText)).ConfigureAwait(false);
    }

    private static string? NoteOf(SendResult result, ReadOnlySpan<byte> start, bool isJsonText) => result switch
    {
        { IsMapped: true } => result.MissingColumns is { } missing ? $"{missing} in any message of the body" : null,
        { Status: SendStatus.Stored, Accepted: > 0 } => ColumnNote.Of(start),
        { Status: SendStatus.Stored, Duplicates: 0, Quarantined: > 1 } when !isJsonText => ColumnNote.OfLines(start),
        { Status: SendStatus.Stored, Duplicates: 0, Quarantined: > 0 } when isJsonText && start.Trim(" \t\r\n"u8) is not [(byte)'{' or (byte)'[', ..] => ColumnNote.OfLines(start),
        _ => null,
    };

    // Without keys everybody has the same name: the address distinguishes senders.
    private static string SenderOf(HttpContext context, LakeAccess access) =>
        ReferenceEquals(access, LakeAccess.Full) ? context.Connection.RemoteIpAddress?.ToString() ?? access.Name : $"key {access.Name}";

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static Task AnswerAsync(HttpContext context, SendResult result, bool waits, string? note)
    {
        switch (result.Status)
        {
            case SendStatus.Stored:
                return WriteAsync(context, result, note, waits ? StatusCodes.Status200OK : StatusCodes.Status202Accepted);
            case SendStatus.TooManyDates when result.RetryAfter is { } later:
                Problem.RetryAfter(context, later);
                return Problem.WriteAsync(context, StatusCodes.Status429TooManyRequests, "too-many-dates", result.Detail ?? "The sender's messages have too many dates.");
            case SendStatus.TooManyDates:
                return Problem.WriteAsync(context, StatusCodes.Status422UnprocessableEntity, "too-many-dates", result.Detail ?? "The messages have too many dates.");
            case SendStatus.Refused:
                return Problem.WriteAsync(
                    context, StatusCodes.Status422UnprocessableEntity, "invalid-records", result.Detail ?? "Records are not messages; nothing was stored.", json => WriteErrors(json, result));
            case SendStatus.KeyConflict:
                return Problem.WriteAsync(
                    context, StatusCodes.Status422UnprocessableEntity, "idempotency-key-reused", $"{Sentence(result.Detail ?? "the key was used for another body")}. Use another Idempotency-Key.");
            case SendStatus.UnknownMapping:
                return Problem.WriteAsync(context, StatusCodes.Status400BadRequest, "unknown-mapping", $"{result.Detail ?? "The lake has no such mapping; nothing was stored"}.");
            case SendStatus.InFlight:
                Problem.RetryAfter(context, result.RetryAfter ?? TimeSpan.FromSeconds(1));
                return Problem.WriteAsync(context, StatusCodes.Status409Conflict, "in-flight", result.Detail ?? "The same key is being sent now; try again.");
            default:
                Problem.RetryAfter(context, result.RetryAfter ?? TimeSpan.FromSeconds(1));
                return Problem.WriteAsync(context, StatusCodes.Status429TooManyRequests, "try-again", result.Detail ?? "The lake is behind; try again.");
        }
    }

    private static Task<FlushResult> WriteAsync(HttpContext context, SendResult result, string? note, int status)
    {
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        if (result.Errors.Count > 0 || note is not null || result.Position is not { Offsets.Length: 1 })
        {
            using var json = new Utf8JsonWriter(response.BodyWriter, AnswerJson.Options);
            json.WriteStartObject();
            json.WriteNumber("accepted"u8, result.Accepted);
            json.WriteNumber("duplicates"u8, result.Duplicates);
            json.WriteNumber("quarantined"u8, result.Quarantined);
            WriteErrors(json, result);
            json.WriteString("token"u8, result.Position?.ToString());
            if (note is not null)
            {
                json.WriteString("note"u8, note);
            }

            json.WriteEndObject();
        }
        else
        {
            // The same, without a writer and without chunks: what nearly every sender gets, thousands of times a second.
            Span<byte> text = stackalloc byte[ReceiptBytesMax];
            Utf8.TryWrite(
                text, CultureInfo.InvariantCulture,
                $"{{\"accepted\":{result.Accepted},\"duplicates\":{result.Duplicates},\"quarantined\":{result.Quarantined},\"errors\":[],\"token\":\"{result.Position}\"}}", out int length);
            response.ContentLength = length;
            response.BodyWriter.Write(text[..length]);
        }

        return response.BodyWriter.FlushAsync(CancellationToken.None).AsTask();
    }

    private static void WriteErrors(Utf8JsonWriter json, SendResult result)
    {
        json.WriteStartArray("errors"u8);
        foreach (SendError error in result.Errors)
        {
            json.WriteStartObject();
            json.WriteNumber("line"u8, error.Line);
            json.WriteString("code"u8, error.Code);
            json.WriteString("detail"u8, error.Detail.Contains("--timestamp-format", StringComparison.Ordinal) ? error.Detail + "; over HTTP send RFC 3339" : error.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // One JSON text may be written on many lines; what is sent as lines is one message a line. A form is read as a JSON text.
    private static bool IsJsonText(HttpContext context, LakeServer server, string? mapping, out bool isForm)
    {
        isForm = false;
        string? contentType = context.Request.ContentType;
        if (contentType is "application/x-ndjson" or MessageTypes.Json)
        {
            return contentType == MessageTypes.Json;
        }

        if (contentType is null || !MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type))
        {
            throw Unsupported();
        }

        bool? isJsonText = MessageTypes.IsJsonText(type);
        if (isJsonText is null)
        {
            // As Amazon SNS sends JSON. Where no mapping is named, nobody says that it is JSON.
            isForm = type.MediaType.Equals(MessageTypes.Form, StringComparison.OrdinalIgnoreCase);
            isJsonText = isForm || (mapping is not null && type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase)) ? true : throw Unsupported();

            // Of these types a browser does not ask first whether a page of another site may send them.
            if (server.Senders.IsOfOtherSite(context))
            {
                throw new RequestException(
                    StatusCodes.Status403Forbidden, "other-site",
                    "A page of another site sends this, which is not allowed: name its origin (--allow-origin, OrleansLake:AllowedOrigins), or have its server send it.");
            }
        }

        return MessageTypes.IsUtf8(type) ? isJsonText.Value
            : throw new RequestException(
                StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type",
                $"The Content-Type names the charset '{HeaderUtilities.RemoveQuotes(type.Charset)}', but the text is to be UTF-8; send it so, with charset=utf-8 or without a charset.");

        static RequestException Unsupported() => new(
            StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type",
            $"The Content-Type is to be {MessageTypes.Known}, or {MessageTypes.Form} for one record; the text is UTF-8. CSV, TSV and Parquet: `lake ingest FILE`.");
    }

    private static bool IsBlank(ReadOnlySequence<byte> body)
    {
        foreach (ReadOnlyMemory<byte> part in body)
        {
            // A byte order mark alone is nothing either.
            if (part.Span.ContainsAnyExcept(Blanks))
            {
                return false;
            }
        }

        return true;
    }

    // The draft has a string of structured headers ("..."); clients send bare text as often, and ours a display string where
    // the key is not ASCII.
    private static string? KeyOf(StringValues header)
    {
        if (header.Count == 0)
        {
            return null;
        }

        string? key = header.Count == 1 ? IdempotencyKeys.OfHeader(header[0]!.Trim()) : null;
        return key is { Length: > 0 and <= IdempotencyKeys.BytesMax } ? key
            : throw RequestException.Bad("bad-idempotency-key", "An Idempotency-Key is one text of 1 to 255 bytes of UTF-8, as it is, between quotes, or as a display string (%\"caf%c3%a9\").");
    }
}
