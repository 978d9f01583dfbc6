using OrleansLake.Storage.Json;

namespace OrleansLake.Storage.Manifests;

internal static class BaseListJson
{
    public static BaseList Map(ref StorageJson json, BaseList? list)
    {
        int? formatVersion = list?.FormatVersion;
        IReadOnlyList<DataFile>? files = list?.Files;
        IReadOnlyList<LedgerDay>? days = list?.Days;
        json.BeginObject();
        while (json.NextField())
        {
            _ = json.Int32("formatVersion"u8, ref formatVersion)
                || json.Array("files"u8, ref files, DataFileJson.Map)
                || json.Array("days"u8, ref days, LedgerJson.MapDay)
                || json.Unknown();
        }

        return list ?? new BaseList(
            formatVersion ?? 0, files ?? throw StorageJson.Missing("files"), days ?? throw StorageJson.Missing("days"));
    }
}
