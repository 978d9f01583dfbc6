using System.Diagnostics;
using System.Text.Json;

namespace OrleansLake.Storage;

internal static class DataFileJson
{
    public static void Write(Utf8JsonWriter json, DataFile file)
    {
        json.WriteStartObject();
        json.WriteString("path"u8, file.Path);
        json.WriteString("kind"u8, NameOf(file.Kind));
        json.WriteNumber("rows"u8, file.Rows);
        json.WriteNumber("firstOffset"u8, file.FirstOffset);
        json.WriteNumber("lastOffset"u8, file.LastOffset);
        json.WriteNumber("length"u8, file.Length);
        json.WriteNumber("crc32C"u8, file.Crc32C);
        json.WriteEndObject();
    }

    public static DataFile Read(ref StorageJsonReader json)
    {
        string? path = null;
        DataKind kind = default;
        long rows = 0;
        long firstOffset = 0;
        long lastOffset = 0;
        long length = 0;
        uint crc32C = 0;
        json.BeginObject();
        while (json.NextField())
        {
            if (json.Is("path"u8))
            {
                path = json.Text();
            }
            else if (json.Is("kind"u8))
            {
                kind = ReadKind(ref json);
            }
            else if (json.Is("rows"u8))
            {
                rows = json.Int64();
            }
            else if (json.Is("firstOffset"u8))
            {
                firstOffset = json.Int64();
            }
            else if (json.Is("lastOffset"u8))
            {
                lastOffset = json.Int64();
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

        return new DataFile(path ?? throw StorageJsonReader.Missing("path"), kind, rows, firstOffset, lastOffset, length, crc32C);
    }

    private static ReadOnlySpan<byte> NameOf(DataKind kind) => kind switch
    {
        DataKind.Bronze => "Bronze"u8,
        DataKind.Messages => "Messages"u8,
        DataKind.MessagesCorrupted => "MessagesCorrupted"u8,
        DataKind.Quarantine => "Quarantine"u8,
        _ => throw new UnreachableException($"{kind} is not a kind of data"),
    };

    private static DataKind ReadKind(ref StorageJsonReader json)
    {
        for (DataKind kind = DataKind.Bronze; kind <= DataKind.Quarantine; kind++)
        {
            if (json.IsText(NameOf(kind)))
            {
                return kind;
            }
        }

        throw json.Wrong("kind of data");
    }
}
