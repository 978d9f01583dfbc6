using System.Text.Json;

namespace OrleansLake.Storage;

internal static class LakeDescriptionJson
{
    public static void Write(Utf8JsonWriter json, LakeDescription description)
    {
        json.WriteStartObject();
        json.WriteNumber("formatVersion"u8, description.FormatVersion);
        json.WriteString("timeZone"u8, description.TimeZone);
        json.WriteNumber("partitions"u8, description.Partitions);
        if (description.CountriesCrc32C is { } crc32C)
        {
            json.WriteNumber("countriesCrc32C"u8, crc32C);
        }

        // A lake that was never repartitioned is one that version 1 reads, which knows no such field.
        if (description.FirstPartition != 0)
        {
            json.WriteNumber("firstPartition"u8, description.FirstPartition);
        }

        if (description.Replaces is { } replaces)
        {
            json.WriteStartObject("replaces"u8);
            json.WriteNumber("first"u8, replaces.First);
            json.WriteNumber("count"u8, replaces.Count);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public static LakeDescription Read(ref StorageJsonReader json)
    {
        int formatVersion = 0;
        string? timeZone = null;
        int partitions = 0;
        uint? countriesCrc32C = null;
        int firstPartition = 0;
        PartitionRange? replaces = null;
        json.BeginObject();
        while (json.NextField())
        {
            if (json.Is("formatVersion"u8))
            {
                formatVersion = json.Int32();
            }
            else if (json.Is("timeZone"u8))
            {
                timeZone = json.Text();
            }
            else if (json.Is("partitions"u8))
            {
                partitions = json.Int32();
            }
            else if (json.Is("countriesCrc32C"u8))
            {
                countriesCrc32C = json.UInt32();
            }
            else if (json.Is("firstPartition"u8))
            {
                firstPartition = json.Int32();
            }
            else if (json.Is("replaces"u8))
            {
                replaces = ReadRange(ref json);
            }
            else
            {
                throw json.Unknown();
            }
        }

        return new LakeDescription(formatVersion, timeZone ?? throw StorageJsonReader.Missing("timeZone"), partitions)
        {
            CountriesCrc32C = countriesCrc32C,
            FirstPartition = firstPartition,
            Replaces = replaces,
        };
    }

    private static PartitionRange ReadRange(ref StorageJsonReader json)
    {
        int first = 0;
        int count = 0;
        json.BeginObject();
        while (json.NextField())
        {
            if (json.Is("first"u8))
            {
                first = json.Int32();
            }
            else if (json.Is("count"u8))
            {
                count = json.Int32();
            }
            else
            {
                throw json.Unknown();
            }
        }

        return new PartitionRange(first, count);
    }
}
