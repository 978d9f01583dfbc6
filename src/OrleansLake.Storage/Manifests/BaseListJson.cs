using System.Text.Json;

namespace OrleansLake.Storage;

internal static class BaseListJson
{
    public static void Write(Utf8JsonWriter json, BaseList list)
    {
        json.WriteStartObject();
        json.WriteNumber("formatVersion"u8, list.FormatVersion);
        StorageJson.WriteArray(json, "files"u8, list.Files, DataFileJson.Write);
        StorageJson.WriteArray(json, "days"u8, list.Days, LedgerJson.WriteDay);
        json.WriteEndObject();
    }

    public static BaseList Read(ref StorageJsonReader json)
    {
        int formatVersion = 0;
        List<DataFile>? files = null;
        List<LedgerDay>? days = null;
        json.BeginObject();
        while (json.NextField())
        {
            if (json.Is("formatVersion"u8))
            {
                formatVersion = json.Int32();
            }
            else if (json.Is("files"u8))
            {
                files = json.Array(DataFileJson.Read);
            }
            else if (json.Is("days"u8))
            {
                days = json.Array(LedgerJson.ReadDay);
            }
            else
            {
                throw json.Unknown();
            }
        }

        return new BaseList(formatVersion, files ?? throw StorageJsonReader.Missing("files"), days ?? throw StorageJsonReader.Missing("days"));
    }
}
