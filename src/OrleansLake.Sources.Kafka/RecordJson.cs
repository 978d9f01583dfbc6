using System.Text.Json;
using System.Text.Unicode;
using Confluent.Kafka;
using OrleansLake.Core.Messages;

namespace OrleansLake.Sources.Kafka;

/// <summary>A record's key and headers as JSON: <c>"_key":"order-7","_headers":{"trace":"a1"}</c>.</summary>
internal static class RecordJson
{
    /// <summary>Returns the members; null if there are none. A header that occurs several times is a list of its values.</summary>
    internal static string? Of(ReadOnlyMemory<byte>? key, Headers? headers) => key is null && headers is not { Count: > 0 } ? null : RecordOrigin.Members(json =>
    {
        if (key is { } bytes)
        {
            json.WritePropertyName("_key"u8);
            Write(json, bytes.Span);
        }

        if (headers is { Count: > 0 })
        {
            json.WriteStartObject("_headers"u8);
            foreach (IGrouping<string, IHeader> header in headers.GroupBy(static header => header.Key, StringComparer.Ordinal))
            {
                json.WritePropertyName(header.Key);
                WriteValues(json, [.. header.Select(static one => one.GetValueBytes())]);
            }

            json.WriteEndObject();
        }
    });

    private static void WriteValues(Utf8JsonWriter json, byte[]?[] values)
    {
        if (values is [var only])
        {
            Write(json, only);
            return;
        }

        json.WriteStartArray();
        foreach (byte[]? value in values)
        {
            Write(json, value);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, byte[]? value)
    {
        if (value is null)
        {
            json.WriteNullValue();
        }
        else
        {
            Write(json, value.AsSpan());
        }
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        if (Utf8.IsValid(value))
        {
            json.WriteStringValue(value);
        }
        else
        {
            json.WriteStartObject();
            json.WriteBase64String("base64"u8, value);
            json.WriteEndObject();
        }
    }
}
