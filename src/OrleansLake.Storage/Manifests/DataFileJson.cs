using System.Diagnostics;
using OrleansLake.Storage.Json;

namespace OrleansLake.Storage.Manifests;

internal static class DataFileJson
{
    public static DataFile Map(ref StorageJson json, DataFile? file)
    {
        string? path = file?.Path;
        DataKind? kind = file?.Kind;
        long? rows = file?.Rows;
        long? firstOffset = file?.FirstOffset;
        long? lastOffset = file?.LastOffset;
        long? length = file?.Length;
        uint? crc32C = file?.Crc32C;
        json.BeginObject();
        while (json.NextField())
        {
            _ = json.Text("path"u8, ref path)
                || json.Value("kind"u8, ref kind, MapKind)
                || json.Int64("rows"u8, ref rows)
                || json.Int64("firstOffset"u8, ref firstOffset)
                || json.Int64("lastOffset"u8, ref lastOffset)
                || json.Int64("length"u8, ref length)
                || json.UInt32("crc32C"u8, ref crc32C)
                || json.Unknown();
        }

        return file ?? new DataFile(
            path ?? throw StorageJson.Missing("path"), kind ?? default, rows ?? 0, firstOffset ?? 0, lastOffset ?? 0, length ?? 0, crc32C ?? 0);
    }

    private static DataKind MapKind(ref StorageJson json, DataKind kind)
    {
        if (json.IsWriting)
        {
            json.WriteText(NameOf(kind));
            return kind;
        }

        for (kind = DataKind.Bronze; kind <= DataKind.Quarantine; kind++)
        {
            if (json.IsText(NameOf(kind)))
            {
                return kind;
            }
        }

        throw json.Wrong("kind of data");
    }

    private static ReadOnlySpan<byte> NameOf(DataKind kind) => kind switch
    {
        DataKind.Bronze => "Bronze"u8,
        DataKind.Messages => "Messages"u8,
        DataKind.MessagesCorrupted => "MessagesCorrupted"u8,
        DataKind.Quarantine => "Quarantine"u8,
        _ => throw new UnreachableException($"{kind} is not a kind of data"),
    };
}
