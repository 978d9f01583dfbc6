using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace OrleansLake.Client;

/// <summary>A message in the JSON that a lake takes.</summary>
internal static class LakeMessageJson
{
    internal static byte[] Of(LakeMessage message)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WriteString("timestamp"u8, message.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("value"u8, message.Value);
        json.WriteString("event_type"u8, message.EventType);
        json.WriteString("message_id"u8, message.MessageId);
        json.WriteString("channel"u8, message.Channel);
        Write(json, "country_id"u8, message.CountryId);
        Write(json, "user_id"u8, message.UserId);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, int? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
