using System.Text.Json;

namespace OrleansLake.Client.Http;

/// <summary>Sources as JSON, as the routes below <c>/v1/sources</c> write it: both ways, so that they are one.</summary>
internal static class SourceJson
{
    internal static void Write(Utf8JsonWriter json, IReadOnlyList<SourceStatus> sources)
    {
        json.WriteStartArray("sources"u8);
        foreach (SourceStatus source in sources)
        {
            json.WriteStartObject();
            WriteMembers(json, source);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static void WriteMembers(Utf8JsonWriter json, SourceStatus source)
    {
        json.WriteString("name"u8, source.Name);
        json.WriteBoolean("paused"u8, source.IsPaused);
        json.WriteString("trouble"u8, source.Trouble);
        json.WriteNumber("lag"u8, source.Lag);
        json.WriteNumber("lag_seconds"u8, Seconds(source.LagTime));
        json.WriteStartArray("partitions"u8);
        foreach (SourcePartitionStatus partition in source.Partitions)
        {
            json.WriteStartObject();
            json.WriteString("topic"u8, partition.Topic);
            json.WriteNumber("partition"u8, partition.Number);
            json.WriteNumber("position"u8, partition.Position);
            json.WriteNumber("end"u8, partition.End);
            json.WriteNumber("lag"u8, partition.Lag);
            json.WriteNumber("lag_seconds"u8, Seconds(partition.LagTime));
            json.WriteString("stopped"u8, partition.Stopped);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static void Write(Utf8JsonWriter json, IReadOnlyList<SourceMove> moves)
    {
        json.WriteStartArray("partitions"u8);
        foreach (SourceMove move in moves)
        {
            json.WriteStartObject();
            json.WriteString("topic"u8, move.Topic);
            json.WriteNumber("partition"u8, move.Number);
            json.WriteNumber("from"u8, move.From);
            json.WriteNumber("to"u8, move.To);
            json.WriteNumber("passed_over"u8, Math.Max(0, move.To - move.From));
            json.WriteNumber("read_again"u8, Math.Max(0, move.From - move.To));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static IReadOnlyList<SourceStatus> Sources(JsonElement json) => [.. json.GetProperty("sources").EnumerateArray().Select(static source => new SourceStatus(
        source.GetProperty("name").GetString()!,
        source.GetProperty("paused").GetBoolean(),
        source.GetProperty("trouble").GetString(),
        [.. source.GetProperty("partitions").EnumerateArray().Select(Partition)]))];

    internal static IReadOnlyList<SourceMove> Moves(JsonElement json) => [.. json.GetProperty("partitions").EnumerateArray().Select(static move => new SourceMove(
        move.GetProperty("topic").GetString()!, move.GetProperty("partition").GetInt32(), move.GetProperty("from").GetInt64(), move.GetProperty("to").GetInt64()))];

    private static SourcePartitionStatus Partition(JsonElement json) => new(
        json.GetProperty("topic").GetString()!,
        json.GetProperty("partition").GetInt32(),
        json.GetProperty("position").GetInt64(),
        json.GetProperty("end").GetInt64(),
        TimeSpan.FromSeconds(json.GetProperty("lag_seconds").GetDouble()),
        json.GetProperty("stopped").GetString());

    /// <summary>Returns a time by which something is behind, as answers write it.</summary>
    internal static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 3);
}
