using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansLake.Core.Messages;
using RabbitMQ.Client;

namespace OrleansLake.Sources.RabbitMq;

/// <summary>A delivery's routing key and headers as JSON: <c>"_key":"orders.new","_headers":{"trace":"a1"}</c>.</summary>
internal static class HeaderJson
{
    /// <summary>Returns the members; those of headers only if there are some.</summary>
    internal static string Of(string routingKey, IDictionary<string, object?>? headers) => RecordOrigin.Members(json =>
    {
        json.WriteString("_key"u8, routingKey);
        if (headers is { Count: > 0 })
        {
            json.WritePropertyName("_headers"u8);
            Write(json, headers);
        }
    });

    // What AMQP 0-9-1 has in tables; text comes as bytes.
    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case byte[] text:
                json.WriteStringValue(Encoding.UTF8.GetString(text));
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case AmqpTimestamp time:
                json.WriteNumberValue(time.UnixTime);
                break;
            case double number when !double.IsFinite(number):
            case float real when !float.IsFinite(real):
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
            case IFormattable number and (sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal):
                json.WriteRawValue(number.ToString(null, CultureInfo.InvariantCulture));
                break;
            case IDictionary<string, object?> table:
                json.WriteStartObject();
                foreach ((string name, object? member) in table)
                {
                    json.WritePropertyName(name);
                    Write(json, member);
                }

                json.WriteEndObject();
                break;
            case BinaryTableValue binary:
                json.WriteBase64StringValue(binary.Bytes);
                break;
            case IEnumerable list:
                json.WriteStartArray();
                foreach (object? element in list)
                {
                    Write(json, element);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
