using System.Text.Json;
using OrleansLake.Client;
using OrleansLake.Core.Messages;
using OrleansLake.Server.Errors;
using OrleansLake.Server.Json;
using OrleansLake.Server.Reports;
using OrleansLake.Server.Requests;

namespace OrleansLake.Server.Endpoints;

/// <summary>The routes that are read besides reports: a message, the counts, what was rejected, the lake's status.</summary>
internal static class ReadingEndpoints
{
    private const int ShownCharactersMax = 100;

    internal static readonly string[] QuarantineParameters = ["code", "source", "skip", "limit"];

    internal static readonly string[] MessageParameters = ["id"];

    internal static Task MessageByPathAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        _ = new QueryText(context);
        return MessageAsync(context, server, access, MessagePath.IdOf(context));
    }

    internal static Task MessageByQueryAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        var text = new QueryText(context, MessageParameters);
        return MessageAsync(context, server, access, text.Text("id"));
    }

    private static async Task MessageAsync(HttpContext context, LakeServer server, LakeAccess access, string? id)
    {
        NotLocked(access);
        if (string.IsNullOrEmpty(id))
        {
            throw RequestException.Bad("bad-parameter", "The message's id is missing: /v1/messages?id=ID, or /v1/messages/ID.");
        }

        MessageLife life = await server.Client.GetMessageAsync(id, context.RequestAborted).ConfigureAwait(false);
        if (life.Copies.Count == 0)
        {
            throw new RequestException(StatusCodes.Status404NotFound, "not-found", $"No message with the id {Shown(id)} is in the lake.");
        }

        await WriteAsync(context, life.Position, json => MessageJson.WriteMembers(json, life)).ConfigureAwait(false);
    }

    internal static async Task LedgerAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        _ = new QueryText(context);
        NotLocked(access);
        LakeLedger ledger = await server.Client.GetLedgerAsync(context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(context, ledger.Position, json =>
        {
            json.WriteString("time"u8, ReportJson.TimeText(ledger.Time));
            json.WritePropertyName("total"u8);
            ReportJson.WriteFigures(json, ledger.Total);
            json.WriteStartArray("dates"u8);
            foreach (LedgerDate date in ledger.Dates)
            {
                json.WriteStartObject();
                json.WriteString("date"u8, date.Date?.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
                json.WriteNumber("bronze"u8, date.Figures.Bronze);
                json.WriteNumber("messages"u8, date.Figures.Messages);
                json.WriteNumber("messages_corrupted"u8, date.Figures.MessagesCorrupted);
                json.WriteNumber("deduplicated"u8, date.Figures.Deduplicated);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }).ConfigureAwait(false);
    }

    internal static async Task QuarantineAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        var text = new QueryText(context, QuarantineParameters);
        NotLocked(access);
        var query = new QuarantineQuery
        {
            Code = text.Text("code"),
            Source = text.Text("source"),
            Skip = text.Number("skip", 0, int.MaxValue) ?? 0,
            Take = text.Number("limit", 0, 10_000) ?? 100,
        };
        QuarantinePage page = await server.Client.GetQuarantineAsync(query, context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(context, null, json =>
        {
            json.WriteNumber("total"u8, page.Total);
            json.WriteStartObject("by_code"u8);
            foreach ((string code, long count) in page.ByCode.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteNumber(code, count);
            }

            json.WriteEndObject();
            json.WriteStartArray("records"u8);
            foreach (QuarantineRecord record in page.Records)
            {
                WriteRecord(json, record);
            }

            json.WriteEndArray();
        }).ConfigureAwait(false);
    }

    internal static async Task StatusAsync(HttpContext context, LakeServer server, LakeAccess access)
    {
        _ = new QueryText(context);
        NotLocked(access);
        LakeStanding standing = await server.Client.GetStatusAsync(context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(context, standing.Position, json =>
        {
            json.WriteString("time"u8, ReportJson.TimeText(standing.Time));
            json.WriteNumber("accepted"u8, standing.Accepted);
            json.WriteNumber("durable"u8, standing.Durable);
            json.WriteNumber("applied"u8, standing.Applied);
            json.WriteNumber("published"u8, standing.Published);
            json.WritePropertyName("ledger"u8);
            ReportJson.WriteFigures(json, standing.Ledger);
            json.WriteNumber("keys"u8, standing.Keys);
            json.WriteNumber("commit"u8, standing.CommitNumber);
            json.WriteNumber("commit_ms"u8, standing.CommitMs);
            json.WriteNumber("fsync_ms"u8, standing.FsyncMs);
            json.WriteNumber("files"u8, standing.Files);
            json.WriteStartArray("external_files"u8);
            foreach (ExternalFileStatus file in standing.ExternalFiles)
            {
                json.WriteStartObject();
                json.WriteString("path"u8, file.Path);
                json.WriteString("state"u8, file.State);
                json.WriteNumber("rows"u8, file.Rows);
                json.WriteString("renamed_to"u8, file.RenamedTo);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            ReportJson.WriteTime(json, "newest_event"u8, standing.NewestEvent);
            json.WriteNumber("streams"u8, server.Streams.Count);
            json.WriteString("user_id_type"u8, IdTypes.Name(standing.Ids.User));
            json.WriteString("country_id_type"u8, IdTypes.Name(standing.Ids.Country));
            json.WriteString("time_zone"u8, standing.TimeZone);
            json.WriteStartArray("keep"u8);
            foreach (string name in KeptFieldNames.NamesOf(standing.Keep))
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }).ConfigureAwait(false);
    }

    private static string Shown(string id) => id.Length <= ShownCharactersMax ? $"'{id}'" : $"'{id[..ShownCharactersMax]}...' ({id.Length} characters)";

    /// <summary>Refuses a token that reads reports behind filters, whose reader is a stranger to the lake.</summary>
    internal static void NotLocked(LakeAccess access)
    {
        if (access.Reports is not null)
        {
            throw new RequestException(StatusCodes.Status403Forbidden, "forbidden", "This token may read reports only.");
        }
    }

    /// <summary>Answers with an object of JSON, which nobody is to keep.</summary>
    /// <param name="context">The request.</param>
    /// <param name="position">The position that it is true as of; null: it has none.</param>
    /// <param name="write">Writes the object's other members.</param>
    internal static async Task WriteAsync(HttpContext context, LakePosition? position, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        if (position is not null)
        {
            context.Response.Headers["Lake-Position"] = position.ToString();
        }

        using (var json = new Utf8JsonWriter(context.Response.BodyWriter, AnswerJson.Options))
        {
            json.WriteStartObject();
            if (position is not null)
            {
                json.WriteString("position"u8, position.ToString());
            }

            write(json);
            json.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static void WriteRecord(Utf8JsonWriter json, QuarantineRecord record)
    {
        json.WriteStartObject();
        json.WriteString("source"u8, record.Source);
        if (record.Mapping is { } mapping)
        {
            json.WriteString("mapping"u8, mapping);
        }

        json.WriteNumber("record"u8, record.Record);
        MessageJson.WriteNumber(json, "position"u8, record.Position);
        json.WriteString("code"u8, record.Code);
        json.WriteString("detail"u8, record.Detail);
        if (System.Text.Unicode.Utf8.IsValid(record.Raw))
        {
            json.WriteString("raw"u8, record.Raw);
        }
        else
        {
            // No text: the bytes as they are.
            json.WriteBase64String("raw_base64"u8, record.Raw);
        }

        json.WriteEndObject();
    }
}
