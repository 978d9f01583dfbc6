using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansLake.Client;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.Server.Json;

namespace OrleansLake.Server.Reports;

/// <summary>
/// Reports and their changes as JSON, in one line each:
/// <code>
/// snapshot {"report":"report1","position":"1.42","time":"...","rows_in_all":2,"columns":[{"name":"date","type":"date"},...],"rows":[{...},...]}
/// delta    {"report":"report1","position":"1.43","time":"...","columns":[...],"rows":[{...}],"removed":[{"date":...,"channel":...}]}
/// status   {"position":"1.43","time":"...","ledger":{...},"newest_event":"..."}
/// </code>
/// A delta has all <c>columns</c> as they are now, so that a reader can continue from an earlier one. Numbers, dates and nulls are written as in the NDJSON of the report.
/// </summary>
internal static class ReportJson
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    internal static void WriteSnapshot(IBufferWriter<byte> destination, ReportSnapshot snapshot)
    {
        WriteStart(destination, snapshot.Report, snapshot.Position, snapshot.Time);
        destination.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $",\"rows_in_all\":{snapshot.RowsInAll}")));
        WriteColumns(destination, snapshot.Table.Columns);
        destination.Write(",\"rows\":"u8);
        snapshot.Table.WriteJsonLine(destination);
        destination.Write("}"u8);
    }

    internal static void WriteDelta(IBufferWriter<byte> destination, LiveDelta delta)
    {
        WriteStart(destination, delta.Report, delta.Position, delta.Time);
        WriteColumns(destination, delta.Rows.Columns);
        destination.Write(",\"rows\":"u8);
        delta.Rows.WriteJsonLine(destination);
        destination.Write(",\"removed\":"u8);
        delta.Removed.WriteKeysJsonLine(destination);
        destination.Write("}"u8);
    }

    internal static void WriteStatus(IBufferWriter<byte> destination, LiveStatus status)
    {
        using var json = new Utf8JsonWriter(destination, AnswerJson.NotChecked);
        json.WriteStartObject();
        json.WriteString("position"u8, status.Position.ToString());
        json.WriteString("time"u8, TimeText(status.Time));
        json.WritePropertyName("ledger"u8);
        WriteFigures(json, status.Ledger);
        WriteTime(json, "newest_event"u8, status.NewestEvent);
        json.WriteEndObject();
    }

    internal static void WritePosition(IBufferWriter<byte> destination, LiveUpdate update, string? reason)
    {
        using var json = new Utf8JsonWriter(destination, AnswerJson.NotChecked);
        json.WriteStartObject();
        json.WriteString("position"u8, update.Position.ToString());
        json.WriteString("time"u8, TimeText(update.Time));
        if (reason is not null)
        {
            json.WriteString("reason"u8, reason);
        }

        json.WriteEndObject();
    }

    internal static void WriteFigures(Utf8JsonWriter json, LedgerCounts figures)
    {
        json.WriteStartObject();
        json.WriteNumber("bronze"u8, figures.Bronze);
        json.WriteNumber("messages"u8, figures.Messages);
        json.WriteNumber("messages_corrupted"u8, figures.MessagesCorrupted);
        json.WriteNumber("rejected"u8, figures.Rejected);
        json.WriteNumber("deduplicated"u8, figures.Deduplicated);
        json.WriteBoolean("closes"u8, figures.IsClosed);
        json.WriteEndObject();
    }

    internal static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            json.WriteString(name, TimeText(known));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    internal static string TimeText(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static void WriteStart(IBufferWriter<byte> destination, string report, LakePosition position, DateTimeOffset time)
    {
        // Names of reports and positions hold nothing that JSON escapes.
        destination.Write(Encoding.UTF8.GetBytes($"{{\"report\":\"{report}\",\"position\":\"{position}\",\"time\":\"{TimeText(time)}\""));
    }

    private static void WriteColumns(IBufferWriter<byte> destination, IReadOnlyList<ReportColumn> columns)
    {
        destination.Write(",\"columns\":"u8);
        using var json = new Utf8JsonWriter(destination, AnswerJson.NotChecked);
        json.WriteStartArray();
        foreach (ReportColumn column in columns)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, column.Name);
            json.WriteString("type"u8, column.Type switch
            {
                ReportColumnType.Date => "date"u8,
                ReportColumnType.Text => "text"u8,
                ReportColumnType.Number => "number"u8,
                ReportColumnType.LongNumber => "int64"u8,
                _ => "count"u8,
            });
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
