using System.Text.Json;
using OrleansLake.Core.Reports;

namespace OrleansLake.Storage;

internal static class ReportNamesJson
{
    public static void Write(Utf8JsonWriter json, ReportNames names)
    {
        json.WriteStartObject();
        json.WriteString("report"u8, names.Report);
        StorageJson.WriteArray(json, "names"u8, names.Names, WriteName);
        json.WriteEndObject();
    }

    public static ReportNames Read(ref StorageJsonReader json)
    {
        string? report = null;
        List<KeptName>? names = null;
        json.BeginObject();
        while (json.NextField())
        {
            if (json.Is("report"u8))
            {
                report = json.Text();
            }
            else if (json.Is("names"u8))
            {
                names = json.Array(ReadName);
            }
            else
            {
                throw json.Unknown();
            }
        }

        return new ReportNames(report ?? throw StorageJsonReader.Missing("report"), names ?? throw StorageJsonReader.Missing("names"));
    }

    // Messages without the value have a name only.
    private static void WriteName(Utf8JsonWriter json, KeptName name)
    {
        json.WriteStartObject();
        if (name.Value is not null)
        {
            json.WriteString("value"u8, name.Value);
        }

        json.WriteString("name"u8, name.Name);
        json.WriteEndObject();
    }

    private static KeptName ReadName(ref StorageJsonReader json)
    {
        string? value = null;
        string? name = null;
        json.BeginObject();
        while (json.NextField())
        {
            if (json.Is("value"u8))
            {
                value = json.Text();
            }
            else if (json.Is("name"u8))
            {
                name = json.Text();
            }
            else
            {
                throw json.Unknown();
            }
        }

        return new KeptName(value, name ?? throw StorageJsonReader.Missing("name"));
    }
}
