using System.Text.Json;

namespace OrleansLake.Storage;

internal static class StateRootJson
{
    public static void Write(Utf8JsonWriter json, StateRoot root)
    {
        json.WriteStartObject();
        if (root.Base is not null)
        {
            json.WritePropertyName("base"u8);
            WriteFile(json, root.Base);
        }

        StorageJson.WriteArray(json, "changes"u8, root.Changes, WriteFile);
        json.WriteEndObject();
    }

    public static void WriteFile(Utf8JsonWriter json, StateFile file)
    {
        json.WriteStartObject();
        json.WriteString("path"u8, file.Path);
        json.WriteNumber("level"u8, file.Level);
        json.WriteNumber("length"u8, file.Length);
        json.WriteNumber("crc32C"u8, file.Crc32C);
        json.WriteEndObject();
    }

    public static StateRoot Read(ref StorageJsonReader json)
    {
        StateFile? file = null;
        List<StateFile>? changes = null;
        json.BeginObject();
        while (json.NextField())
        {
            if (json.Is("base"u8))
            {
                file = ReadFile(ref json);
            }
            else if (json.Is("changes"u8))
            {
                changes = json.Array(ReadFile);
            }
            else
            {
                throw json.Unknown();
            }
        }

        return new StateRoot(file, changes ?? throw StorageJsonReader.Missing("changes"));
    }

    public static StateFile ReadFile(ref StorageJsonReader json)
    {
        string? path = null;
        int level = 0;
        long length = 0;
        uint crc32C = 0;
        json.BeginObject();
        while (json.NextField())
        {
            if (json.Is("path"u8))
            {
                path = json.Text();
            }
            else if (json.Is("level"u8))
            {
                level = json.Int32();
            }
            else if (json.Is("length"u8))
            {
                length = json.Int64();
            }
            else if (json.Is("crc32C"u8))
            {
                crc32C = json.UInt32();
            }
            else
            {
                throw json.Unknown();
            }
        }

        return new StateFile(path ?? throw StorageJsonReader.Missing("path"), level, length, crc32C);
    }
}
