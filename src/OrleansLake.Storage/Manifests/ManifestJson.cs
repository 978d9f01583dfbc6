using System.Text.Json;

namespace OrleansLake.Storage;

internal static class ManifestJson
{
    public static void Write(Utf8JsonWriter json, Manifest manifest)
    {
        json.WriteStartObject();
        json.WriteNumber("formatVersion"u8, manifest.FormatVersion);
        json.WriteNumber("partition"u8, manifest.Partition.Value);
        json.WriteNumber("number"u8, manifest.Number);
        json.WriteNumber("epoch"u8, manifest.Epoch.Value);
        json.WriteNumber("generation"u8, manifest.Generation);
        LogSegmentJson.WritePosition(json, "applied"u8, manifest.Applied);
        LogSegmentJson.WritePosition(json, "durable"u8, manifest.Durable);
        StorageJson.WriteArray(json, "segments"u8, manifest.Segments, LogSegmentJson.Write);
        if (manifest.BaseList is not null)
        {
            json.WritePropertyName("baseList"u8);
            StateRootJson.WriteFile(json, manifest.BaseList);
        }

        StorageJson.WriteArray(json, "added"u8, manifest.Added, DataFileJson.Write);
        StorageJson.WriteTexts(json, "removed"u8, manifest.Removed);
        json.WritePropertyName("total"u8);
        LedgerJson.Write(json, manifest.Total);
        StorageJson.WriteArray(json, "days"u8, manifest.Days, LedgerJson.WriteDay);
        json.WritePropertyName("snapshot"u8);
        StateRootJson.Write(json, manifest.Snapshot);
        json.WritePropertyName("registry"u8);
        StateRootJson.Write(json, manifest.Registry);
        if (manifest.Columns.Count > 0)
        {
            StorageJson.WriteArray(json, "columns"u8, manifest.Columns, ReportNamesJson.Write);
        }

        StorageJson.WriteArray(json, "pendingLinks"u8, manifest.PendingLinks, WriteMove);
        StorageJson.WriteTexts(json, "pendingRemovals"u8, manifest.PendingRemovals);
        json.WriteEndObject();
    }

    public static Manifest Read(ref StorageJsonReader json)
    {
        List<ReportNames> columns = [];
        PartitionId? partition = null;
        long? number = null;
        Epoch? epoch = null;
        long? generation = null;
        LogPosition? applied = null;
        LogPosition? durable = null;
        List<LogSegment>? segments = null;
        StateFile? baseList = null;
        List<DataFile>? added = null;
        List<string>? removed = null;
        LedgerEntry total = default;
        List<LedgerDay>? days = null;
        StateRoot? snapshot = null;
        StateRoot? registry = null;
        List<FileMove>? pendingLinks = null;
        List<string>? pendingRemovals = null;
        json.BeginObject();
        while (json.NextField())
        {
            if (json.Is("formatVersion"u8))
            {
                // What a newer one may have was refused before; which this one has is known by its fields.
                _ = json.Int32();
            }
            else if (json.Is("partition"u8))
            {
                partition = new PartitionId(json.Int32());
            }
            else if (json.Is("number"u8))
            {
                number = json.Int64();
            }
            else if (json.Is("epoch"u8))
            {
                epoch = new Epoch(json.Int64());
            }
            else if (json.Is("generation"u8))
            {
                generation = json.Int64();
            }
            else if (json.Is("applied"u8))
            {
                applied = LogSegmentJson.ReadPosition(ref json);
            }
            else if (json.Is("durable"u8))
            {
                durable = LogSegmentJson.ReadPosition(ref json);
            }
            else if (json.Is("segments"u8))
            {
                segments = json.Array(LogSegmentJson.Read);
            }
            else if (json.Is("baseList"u8))
            {
                baseList = StateRootJson.ReadFile(ref json);
            }
            else if (json.Is("added"u8))
            {
                added = json.Array(DataFileJson.Read);
            }
            else if (json.Is("removed"u8))
            {
                removed = json.Texts();
            }
            else if (json.Is("total"u8))
            {
                total = LedgerJson.Read(ref json);
            }
            else if (json.Is("days"u8))
            {
                days = json.Array(LedgerJson.ReadDay);
            }
            else if (json.Is("snapshot"u8))
            {
                snapshot = StateRootJson.Read(ref json);
            }
            else if (json.Is("registry"u8))
            {
                registry = StateRootJson.Read(ref json);
            }
            else if (json.Is("columns"u8))
            {
                columns = json.Array(ReportNamesJson.Read);
            }
            else if (json.Is("pendingLinks"u8))
            {
                pendingLinks = json.Array(ReadMove);
            }
            else if (json.Is("pendingRemovals"u8))
            {
                pendingRemovals = json.Texts();
            }
            else
            {
                throw json.Unknown();
            }
        }

        return new Manifest
        {
            Partition = partition ?? throw StorageJsonReader.Missing("partition"),
            Number = number ?? throw StorageJsonReader.Missing("number"),
            Epoch = epoch ?? throw StorageJsonReader.Missing("epoch"),
            Generation = generation ?? throw StorageJsonReader.Missing("generation"),
            Applied = applied ?? throw StorageJsonReader.Missing("applied"),
            Durable = durable ?? throw StorageJsonReader.Missing("durable"),
            Segments = segments ?? throw StorageJsonReader.Missing("segments"),
            BaseList = baseList,
            Added = added ?? throw StorageJsonReader.Missing("added"),
            Removed = removed ?? throw StorageJsonReader.Missing("removed"),
            Total = total,
            Days = days ?? throw StorageJsonReader.Missing("days"),
            Snapshot = snapshot ?? throw StorageJsonReader.Missing("snapshot"),
            Registry = registry ?? throw StorageJsonReader.Missing("registry"),
            Columns = columns,
            PendingLinks = pendingLinks ?? throw StorageJsonReader.Missing("pendingLinks"),
            PendingRemovals = pendingRemovals ?? throw StorageJsonReader.Missing("pendingRemovals"),
        };
    }

    private static void WriteMove(Utf8JsonWriter json, FileMove move)
    {
        json.WriteStartObject();
        json.WriteString("temporary"u8, move.Temporary);
        json.WriteString("path"u8, move.Path);
        json.WriteEndObject();
    }

    private static FileMove ReadMove(ref StorageJsonReader json)
    {
        string? temporary = null;
        string? path = null;
        json.BeginObject();
        while (json.NextField())
        {
            if (json.Is("temporary"u8))
            {
                temporary = json.Text();
            }
            else if (json.Is("path"u8))
            {
                path = json.Text();
            }
            else
            {
                throw json.Unknown();
            }
        }

        return new FileMove(temporary ?? throw StorageJsonReader.Missing("temporary"), path ?? throw StorageJsonReader.Missing("path"));
    }
}
