using OrleansLake.Storage.Json;

namespace OrleansLake.Storage.Snapshots;

internal static class StateRootJson
{
    public static StateRoot Map(ref StorageJson json, StateRoot? root)
    {
        StateFile? file = root?.Base;
        IReadOnlyList<StateFile>? changes = root?.Changes;
        json.BeginObject();
        while (json.NextField())
        {
            _ = json.Value("base"u8, ref file, MapFile) || json.Array("changes"u8, ref changes, MapFile) || json.Unknown();
        }

        return root ?? new StateRoot(file, changes ?? throw StorageJson.Missing("changes"));
    }

    public static StateFile MapFile(ref StorageJson json, StateFile? file)
    {
        string? path = file?.Path;
        int? level = file?.Level;
        long? length = file?.Length;
        uint? crc32C = file?.Crc32C;
        json.BeginObject();
        while (json.NextField())
        {
            _ = json.Text("path"u8, ref path)
                || json.Int32("level"u8, ref level)
                || json.Int64("length"u8, ref length)
                || json.UInt32("crc32C"u8, ref crc32C)
                || json.Unknown();
        }

        return file ?? new StateFile(path ?? throw StorageJson.Missing("path"), level ?? 0, length ?? 0, crc32C ?? 0);
    }
}
