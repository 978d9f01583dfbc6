using System.Globalization;
using System.Text.Json;

namespace OrleansLake.Client.Http;

/// <summary>Sinks as JSON, as <c>/v1/sinks</c> writes it: both ways, so that they are one.</summary>
internal static class SinkJson
{
    internal static void Write(Utf8JsonWriter json, IReadOnlyList<SinkStatus> sinks)
    {
        json.WriteStartArray("sinks"u8);
        foreach (SinkStatus sink in sinks)
        {
            json.WriteStartObject();
            WriteMembers(json, sink);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static void WriteMembers(Utf8JsonWriter json, SinkStatus sink)
    {
        json.WriteString("name"u8, sink.Name);
        json.WriteNumber("epoch"u8, sink.Epoch);
        json.WriteString("position"u8, sink.Position?.ToString());
        json.WriteString("time"u8, TimeText(sink.Time));
        WriteNumber(json, "lag"u8, sink.Lag);
        WriteNumber(json, "lag_seconds"u8, sink.LagTime is { } time ? SourceJson.Seconds(time) : null);
        json.WriteString("failure"u8, sink.Failure);
        json.WriteString("failed_at"u8, TimeText(sink.FailedAt));
        json.WriteBoolean("taken"u8, sink.IsTaken);
    }

    internal static IReadOnlyList<SinkStatus> Sinks(JsonElement json) => [.. json.GetProperty("sinks").EnumerateArray().Select(static sink => new SinkStatus(sink.GetProperty("name").GetString()!)
    {
        Epoch = sink.GetProperty("epoch").GetInt64(),
        Position = sink.GetProperty("position").ValueKind == JsonValueKind.Null ? null : ReportReader.Position(sink),
        Time = Time(sink.GetProperty("time")),
        Lag = sink.GetProperty("lag") is { ValueKind: JsonValueKind.Number } lag ? lag.GetInt64() : null,
        LagTime = sink.GetProperty("lag_seconds") is { ValueKind: JsonValueKind.Number } seconds ? TimeSpan.FromSeconds(seconds.GetDouble()) : null,
        Failure = sink.GetProperty("failure").GetString(),
        FailedAt = Time(sink.GetProperty("failed_at")),
        IsTaken = sink.GetProperty("taken").GetBoolean(),
    })];

    /// <summary>Returns a time as every answer writes it; null if there is none.</summary>
    internal static string? TimeText(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : json.GetDateTimeOffset();

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
