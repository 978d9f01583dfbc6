using System.Buffers;
using System.Globalization;
using System.Text.Json;
using OrleansLake.Client.Faults;
using OrleansLake.Core.Messages;

namespace OrleansLake.Client.Producing;

/// <summary>A message in the JSON that a lake takes.</summary>
internal static class LakeMessageJson
{
    /// <exception cref="ArgumentException">One of the message's texts is not text; the exception names it.</exception>
    internal static byte[] Of(LakeMessage message)
    {
        Check(message.MessageId, nameof(message.MessageId));
        Check(message.EventType, nameof(message.EventType));
        Check(message.Channel, nameof(message.Channel));
        Check(message.Value, nameof(message.Value));
        Check(message.UserId?.Text, nameof(message.UserId));
        Check(message.CountryId?.Text, nameof(message.CountryId));
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

    // JSON would have U+FFFD instead, and another message would be stored.
    private static void Check(string? text, string field)
    {
        if (text is not null && !UnicodeText.Is(text))
        {
            throw new ArgumentException($"The message's {field} {UnicodeText.Fault}: it cannot be sent.", field);
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, IdValue? id)
    {
        if (id?.Number is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteString(name, id?.Text);
        }
    }
}
