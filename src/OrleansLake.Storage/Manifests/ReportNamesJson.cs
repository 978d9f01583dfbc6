using OrleansLake.Core.Reports;
using OrleansLake.Storage.Json;

namespace OrleansLake.Storage.Manifests;

internal static class ReportNamesJson
{
    public static ReportNames Map(ref StorageJson json, ReportNames? names)
    {
        string? report = names?.Report;
        IReadOnlyList<KeptName>? kept = names?.Names;
        json.BeginObject();
        while (json.NextField())
        {
            _ = json.Text("report"u8, ref report) || json.Array("names"u8, ref kept, MapName) || json.Unknown();
        }

        return names ?? new ReportNames(report ?? throw StorageJson.Missing("report"), kept ?? throw StorageJson.Missing("names"));
    }

    // Messages without the value have a name only.
    private static KeptName MapName(ref StorageJson json, KeptName? kept)
    {
        string? value = kept?.Value;
        string? name = kept?.Name;
        json.BeginObject();
        while (json.NextField())
        {
            _ = json.Text("value"u8, ref value) || json.Text("name"u8, ref name) || json.Unknown();
        }

        return kept ?? new KeptName(value, name ?? throw StorageJson.Missing("name"));
    }
}
