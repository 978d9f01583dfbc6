using System.Net.ServerSentEvents;
using System.Text.Json;
using OrleansLake.Core.Reports;

namespace OrleansLake.Client.Http;

/// <summary>Turns a server's events into updates.</summary>
internal static class EventReader
{
    internal static LiveUpdate? Read(SseItem<string> item, ReportCatalog reports)
    {
        using JsonDocument document = JsonDocument.Parse(item.Data);
        JsonElement json = document.RootElement;
        LiveUpdate? update = item.EventType switch
        {
            "snapshot" => new LiveSnapshot(ReportReader.Snapshot(json, reports)),
            "delta" => Delta(json, reports),
            "status" => new LiveStatus(
                ReportReader.Position(json), ReportReader.Time(json), ReportReader.Figures(json.GetProperty("ledger")),
                json.GetProperty("newest_event") is { ValueKind: JsonValueKind.String } newest ? newest.GetDateTimeOffset() : null),
            "position" => new LiveProgress(ReportReader.Position(json), ReportReader.Time(json)),
            "must-refetch" => new LiveRefetch(ReportReader.Position(json), ReportReader.Time(json), json.GetProperty("reason").GetString()!),
            "behind" => new LiveBehind(ReportReader.Position(json), ReportReader.Time(json), json.GetProperty("reason").GetString()!),
            "too-slow" => throw new LakeClientException(LakeClientErrorKind.TooSlow, json.GetProperty("reason").GetString()!),
            _ => null,    // A newer server sends more than this client knows.
        };
        return update is null ? null : update with { IsComplete = item.EventId is { Length: > 0 } };
    }

    private static LiveDelta Delta(JsonElement json, ReportCatalog reports)
    {
        ReportDefinition report = ReportReader.Definition(json, reports);
        string[] counted = ReportReader.Counted(report, json.GetProperty("columns"));
        ReportTable rows = ReportReader.Table(report, counted, json.GetProperty("rows"));
        return new LiveDelta(ReportReader.Position(json), ReportReader.Time(json))
        {
            Rows = rows,
            Removed = ReportReader.Table(report, counted, json.GetProperty("removed")),
            Columns = rows.Columns,
        };
    }
}
