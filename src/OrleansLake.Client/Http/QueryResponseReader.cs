using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansLake.Core.Messages;

namespace OrleansLake.Client.Http;

/// <summary>Reads what the server says besides reports.</summary>
internal static class QueryResponseReader
{
    internal static MessageLife Message(JsonElement json) => new(
        json.GetProperty("message_id").GetString()!,
        ReportReader.Position(json),
        [
            .. json.GetProperty("copies").EnumerateArray().Select(copy => new MessageCopy
            {
                Offset = copy.GetProperty("offset").GetInt64(),
                Timestamp = Time(copy.GetProperty("timestamp")),
                Date = Date(copy.GetProperty("date")),
                Value = copy.GetProperty("value").GetString(),
                EventType = copy.GetProperty("event_type").GetString(),
                Channel = copy.GetProperty("channel").GetString(),
                CountryId = Id(copy, "country_id"),
                UserId = Id(copy, "user_id"),
                Attributes = copy.TryGetProperty("attributes", out JsonElement attributes) ? attributes.GetRawText() : null,
                Source = copy.TryGetProperty("source", out JsonElement source) ? source.GetString() : null,
                SourceOffset = copy.TryGetProperty("source_offset", out JsonElement offset) ? Number(offset) : null,
                Columns = copy.TryGetProperty("columns", out JsonElement columns) ? columns.GetRawText() : null,
                Outcome = Enum.Parse<MessageOutcome>(copy.GetProperty("outcome").GetString()!, ignoreCase: true),
                Reason = copy.GetProperty("reason").GetString()!,
                CountedOffset = Number(copy.GetProperty("counted_offset")),
            }),
        ]);

    internal static LakeLedger Ledger(JsonElement json) => new(
        ReportReader.Position(json),
        ReportReader.Time(json),
        ReportReader.Figures(json.GetProperty("total")),
        [.. json.GetProperty("dates").EnumerateArray().Select(date => new LedgerDate(Date(date.GetProperty("date")), ReportReader.Figures(date)))]);

    internal static IReadOnlyDictionary<string, string> Mappings(JsonElement json) =>
        json.GetProperty("mappings").EnumerateObject().ToDictionary(static one => one.Name, static one => one.Value.GetRawText(), StringComparer.Ordinal);

    internal static QuarantinePage Quarantine(JsonElement json) => new(
        json.GetProperty("total").GetInt64(),
        json.GetProperty("by_code").EnumerateObject().ToDictionary(code => code.Name, code => code.Value.GetInt64()),
        [
            .. json.GetProperty("records").EnumerateArray().Select(record => new QuarantineRecord(
                record.GetProperty("source").GetString()!,
                record.GetProperty("record").GetInt64(),
                Number(record.GetProperty("position")),
                record.GetProperty("code").GetString()!,
                record.GetProperty("detail").GetString()!,
                record.TryGetProperty("raw", out JsonElement raw) ? Encoding.UTF8.GetBytes(raw.GetString()!) : record.GetProperty("raw_base64").GetBytesFromBase64())
            {
                Mapping = record.TryGetProperty("mapping", out JsonElement mapping) ? mapping.GetString() : null,
            }),
        ]);

    internal static LakeStanding Standing(JsonElement json) => new()
    {
        Position = ReportReader.Position(json),
        Time = ReportReader.Time(json),
        Accepted = json.GetProperty("accepted").GetInt64(),
        Durable = json.GetProperty("durable").GetInt64(),
        Applied = json.GetProperty("applied").GetInt64(),
        Published = json.GetProperty("published").GetInt64(),
        Ledger = ReportReader.Figures(json.GetProperty("ledger")),
        Keys = json.GetProperty("keys").GetInt64(),
        CommitNumber = json.GetProperty("commit").GetInt64(),
        CommitMs = json.GetProperty("commit_ms").GetDouble(),
        FsyncMs = json.GetProperty("fsync_ms").GetDouble(),
        Files = json.GetProperty("files").GetInt64(),
        ExternalFiles = json.TryGetProperty("external_files", out JsonElement files) ? [.. files.EnumerateArray().Select(ExternalFile)] : [],
        NewestEvent = Time(json.GetProperty("newest_event")),
        Watchers = json.GetProperty("streams").GetInt32(),
        Ids = new IdTypes(IdTypes.UserOf(TextOf(json, "user_id_type")) ?? IdType.Number32, IdTypes.CountryOf(TextOf(json, "country_id_type")) ?? IdType.Number32),
        TimeZone = TextOf(json, "time_zone"),
        Keep = json.TryGetProperty("keep", out JsonElement keep) ? keep.EnumerateArray().Aggregate(KeptFields.None, static (all, one) => all | KeptFieldNames.Parse(one.GetString()!)) : KeptFields.None,
    };

    // A server of an earlier version does not say it: its lakes' ids are numbers of 32 bits.
    private static string? TextOf(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;

    private static ExternalFileStatus ExternalFile(JsonElement json) => new(
        json.GetProperty("path").GetString()!, json.GetProperty("state").GetString()!, json.GetProperty("rows").GetInt64(), json.GetProperty("renamed_to").GetString());

    private static DateTimeOffset? Time(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : json.GetDateTimeOffset();

    private static DateOnly? Date(JsonElement json) =>
        json.ValueKind == JsonValueKind.Null ? null : DateOnly.ParseExact(json.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    // A number that JavaScript would round is written as text, with its type beside it.
    private static IdValue? Id(JsonElement copy, string name) => copy.GetProperty(name) switch
    {
        { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.Number } number => number.GetInt64(),
        var text when copy.TryGetProperty($"{name}_type", out _) => long.Parse(text.GetString()!, CultureInfo.InvariantCulture),
        var text => new IdValue(text.GetString()!),
    };

    private static long? Number(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : json.GetInt64();
}
