using System.Text.Json;

namespace OrleansLake.Storage;

internal static class LogSegmentJson
{
    public static void Write(Utf8JsonWriter json, LogSegment segment)
    {
        json.WriteStartObject();
        json.WriteNumber("epoch"u8, segment.Epoch.Value);
        json.WriteNumber("number"u8, segment.Number);
        WritePosition(json, "start"u8, segment.Start);
        if (segment.Seal is { } seal)
        {
            WritePosition(json, "seal"u8, seal);
        }

        json.WriteEndObject();
    }

    public static void WritePosition(Utf8JsonWriter json, ReadOnlySpan<byte> name, LogPosition position)
    {
        json.WriteStartObject(name);
        json.WriteNumber("sequence"u8, position.Sequence);
        json.WriteNumber("offset"u8, position.Offset);
        json.WriteEndObject();
    }

    public static LogSegment Read(ref StorageJsonReader json)
    {
        Epoch epoch = default;
        long number = 0;
        LogPosition start = default;
        LogPosition? seal = null;
        json.BeginObject();
        while (json.NextField())
        {
            if (json.Is("epoch"u8))
            {
                epoch = new Epoch(json.Int64());
            }
            else if (json.Is("number"u8))
            {
                number = json.Int64();
            }
            else if (json.Is("start"u8))
            {
                start = ReadPosition(ref json);
            }
            else if (json.Is("seal"u8))
            {
                seal = ReadPosition(ref json);
            }
            else
            {
                throw json.Unknown();
            }
        }

        return new LogSegment(epoch, number, start, seal);
    }

    public static LogPosition ReadPosition(ref StorageJsonReader json)
    {
        LogPosition position = default;
        json.BeginObject();
        while (json.NextField())
        {
            if (json.Is("sequence"u8))
            {
                position = position with { Sequence = json.Int64() };
            }
            else if (json.Is("offset"u8))
            {
                position = position with { Offset = json.Int64() };
            }
            else
            {
                throw json.Unknown();
            }
        }

        return position;
    }
}
