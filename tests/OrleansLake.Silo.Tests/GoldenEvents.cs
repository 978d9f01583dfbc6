using System.IO.Compression;
using System.Text.Json;
using OrleansLake.TestSupport;

namespace OrleansLake.Silo.Tests;

/// <summary>The messages that Spark counted, as lines.</summary>
internal static class GoldenEvents
{
    internal static byte[] Ndjson { get; } = Read("golden/events.ndjson.gz");

    internal static string Report1 { get; } = File.ReadAllText(Fixtures.Path("golden/utc/report1.ndjson"));

    internal static string Report2 { get; } = File.ReadAllText(Fixtures.Path("golden/utc/report2.ndjson"));

    /// <summary>The messages as the oracle sees them.</summary>
    internal static IEnumerable<Message> Messages()
    {
        foreach (string line in System.Text.Encoding.UTF8.GetString(Ndjson).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement message = json.RootElement;
            DateTimeOffset time = message.GetProperty("timestamp").GetDateTimeOffset();
            yield return new Message(
                (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, Text(message, "event_type"), Text(message, "message_id"), Text(message, "channel"),
                Number(message, "country_id"), Number(message, "user_id"), DateOnly.FromDateTime(time.UtcDateTime).DayNumber - new DateOnly(1970, 1, 1).DayNumber);
        }
    }

    private static string? Text(JsonElement message, string name) =>
        message.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;

    private static int? Number(JsonElement message, string name) =>
        message.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value.GetInt32() : null;

    /// <summary>The lines in pieces of some lines each, in order.</summary>
    internal static IEnumerable<byte[]> Pieces(int lines)
    {
        int start = 0;
        while (start < Ndjson.Length)
        {
            int end = start;
            for (int line = 0; line < lines && end < Ndjson.Length; line++)
            {
                int length = Ndjson.AsSpan(end).IndexOf((byte)'\n');
                end = length < 0 ? Ndjson.Length : end + length + 1;
            }

            yield return Ndjson[start..end];
            start = end;
        }
    }

    private static byte[] Read(string fixture)
    {
        using var file = new GZipStream(File.OpenRead(Fixtures.Path(fixture)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }
}
