using System.Globalization;
using System.Text.Json;
using OrleansLake.Client;
using OrleansLake.Core.Messages;

namespace OrleansLake.Server.Json;

/// <summary>A message with its copies as JSON: what <c>/v1/messages/{id}</c> and <c>lake message</c> print.</summary>
internal static class MessageJson
{
    internal static void WriteMembers(Utf8JsonWriter json, MessageLife life)
    {
        json.WriteString("message_id"u8, life.MessageId);
        json.WriteStartArray("copies"u8);
        foreach (MessageCopy copy in life.Copies)
        {
            json.WriteStartObject();
            WriteMembers(json, copy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    internal static void WriteMembers(Utf8JsonWriter json, MessageCopy copy)
    {
        json.WriteNumber("offset"u8, copy.Offset);
        json.WriteString("timestamp"u8, TimeText(copy));
        json.WriteString("date"u8, copy.Date?.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("value"u8, copy.Value);
        json.WriteString("event_type"u8, copy.EventType);
        json.WriteString("channel"u8, copy.Channel);
        WriteId(json, "country_id"u8, copy.CountryId);
        WriteId(json, "user_id"u8, copy.UserId);
        if (copy.Attributes is { } attributes)
        {
            json.WritePropertyName("attributes"u8);
            json.WriteRawValue(attributes);
        }

        if (copy.Source is { } source)
        {
            json.WriteString("source"u8, source);
            WriteNumber(json, "source_offset"u8, copy.SourceOffset);
        }

        if (copy.Columns is { } columns)
        {
            json.WritePropertyName("columns"u8);
            json.WriteRawValue(columns);
        }

        json.WriteString("outcome"u8, OutcomeText(copy));
        json.WriteString("reason"u8, copy.Reason);
        WriteNumber(json, "counted_offset"u8, copy.CountedOffset);
    }

    /// <summary>Returns a copy's time; null if it has none.</summary>
    internal static string? TimeText(MessageCopy copy) => copy.Timestamp?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Returns the word for what became of a copy.</summary>
    internal static string OutcomeText(MessageCopy copy) => copy.Outcome switch
    {
        MessageOutcome.Counted => "counted",
        MessageOutcome.Suppressed => "suppressed",
        _ => "corrupted",
    };

    // JavaScript would round a number beyond 2^53: that one is text, with its type beside it.
    private static void WriteId(Utf8JsonWriter json, ReadOnlySpan<byte> name, IdValue? id)
    {
        if (id is { IsExactInJavaScript: false })
        {
            json.WriteString(name, id.Value.ToString());
            json.WriteString("user_id_type"u8, "int64"u8);
        }
        else if (id is { Text: { } text })
        {
            json.WriteString(name, text);
        }
        else
        {
            WriteNumber(json, name, id?.Number);
        }
    }

    internal static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? number)
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
