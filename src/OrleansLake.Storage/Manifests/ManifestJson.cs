using OrleansLake.Core.State;
using OrleansLake.Storage.Json;
using OrleansLake.Storage.Log;
using OrleansLake.Storage.Snapshots;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Manifests;

internal static class ManifestJson
{
    public static Manifest Map(ref StorageJson json, Manifest? manifest)
    {
        // What a newer one may have was refused before it is read; which version this one has is known by its fields.
        int? formatVersion = manifest?.FormatVersion;
        int? partition = manifest?.Partition.Value;
        long? number = manifest?.Number;
        long? epoch = manifest?.Epoch.Value;
        long? generation = manifest?.Generation;
        LogPosition? applied = manifest?.Applied;
        LogPosition? durable = manifest?.Durable;
        IReadOnlyList<LogSegment>? segments = manifest?.Segments;
        StateFile? baseList = manifest?.BaseList;
        IReadOnlyList<DataFile>? added = manifest?.Added;
        IReadOnlyList<string>? removed = manifest?.Removed;
        LedgerCounts? total = manifest?.Total;
        IReadOnlyList<LedgerDay>? days = manifest?.Days;
        StateRoot? snapshot = manifest?.Snapshot;
        StateRoot? registry = manifest?.Registry;
        IReadOnlyList<ReportNames>? columns = manifest is { Columns.Count: > 0 } ? manifest.Columns : null;
        IReadOnlyList<FileMove>? pendingLinks = manifest?.PendingLinks;
        IReadOnlyList<string>? pendingRemovals = manifest?.PendingRemovals;
        json.BeginObject();
        while (json.NextField())
        {
            _ = json.Int32("formatVersion"u8, ref formatVersion)
                || json.Int32("partition"u8, ref partition)
                || json.Int64("number"u8, ref number)
                || json.Int64("epoch"u8, ref epoch)
                || json.Int64("generation"u8, ref generation)
                || json.Value("applied"u8, ref applied, LogSegmentJson.MapPosition)
                || json.Value("durable"u8, ref durable, LogSegmentJson.MapPosition)
                || json.Array("segments"u8, ref segments, LogSegmentJson.Map)
                || json.Value("baseList"u8, ref baseList, StateRootJson.MapFile)
                || json.Array("added"u8, ref added, DataFileJson.Map)
                || json.Texts("removed"u8, ref removed)
                || json.Value("total"u8, ref total, LedgerJson.Map)
                || json.Array("days"u8, ref days, LedgerJson.MapDay)
                || json.Value("snapshot"u8, ref snapshot, StateRootJson.Map)
                || json.Value("registry"u8, ref registry, StateRootJson.Map)
                || json.Array("columns"u8, ref columns, ReportNamesJson.Map)
                || json.Array("pendingLinks"u8, ref pendingLinks, MapMove)
                || json.Texts("pendingRemovals"u8, ref pendingRemovals)
                || json.Unknown();
        }

        return manifest ?? new Manifest
        {
            Partition = new PartitionId(partition ?? throw StorageJson.Missing("partition")),
            Number = number ?? throw StorageJson.Missing("number"),
            Epoch = new Epoch(epoch ?? throw StorageJson.Missing("epoch")),
            Generation = generation ?? throw StorageJson.Missing("generation"),
            Applied = applied ?? throw StorageJson.Missing("applied"),
            Durable = durable ?? throw StorageJson.Missing("durable"),
            Segments = segments ?? throw StorageJson.Missing("segments"),
            BaseList = baseList,
            Added = added ?? throw StorageJson.Missing("added"),
            Removed = removed ?? throw StorageJson.Missing("removed"),
            Total = total ?? default,
            Days = days ?? throw StorageJson.Missing("days"),
            Snapshot = snapshot ?? throw StorageJson.Missing("snapshot"),
            Registry = registry ?? throw StorageJson.Missing("registry"),
            Columns = columns ?? [],
            PendingLinks = pendingLinks ?? throw StorageJson.Missing("pendingLinks"),
            PendingRemovals = pendingRemovals ?? throw StorageJson.Missing("pendingRemovals"),
        };
    }

    private static FileMove MapMove(ref StorageJson json, FileMove? move)
    {
        string? temporary = move?.Temporary;
        string? path = move?.Path;
        json.BeginObject();
        while (json.NextField())
        {
            _ = json.Text("temporary"u8, ref temporary) || json.Text("path"u8, ref path) || json.Unknown();
        }

        return move ?? new FileMove(temporary ?? throw StorageJson.Missing("temporary"), path ?? throw StorageJson.Missing("path"));
    }
}
