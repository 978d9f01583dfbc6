using System.Text.Json;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Parsing;

/// <summary>Reads one line of any JSON, and says what is wrong with it if it is not a message.</summary>
/// <param name="zone">The lake's time zone.</param>
/// <param name="timestampFormat">The format of the source's timestamps; null for RFC 3339 and similar forms.</param>
/// <param name="leftOut">Gets the fields that no column takes.</param>
/// <param name="values">Gets the values along the paths of a mapping; null where records are messages as they are.</param>
internal sealed class JsonLine(LakeTimeZone zone, TimestampFormat? timestampFormat, LeftOutFields leftOut, MappedValues? values = null)
{
    /// <summary>The depth to which ignored fields may nest, the message itself included.</summary>
    internal const int DepthMax = 64;

    private readonly JsonStrings _strings = new();
    private readonly MappedObject? _mapped = values is null ? null : new MappedObject(values, leftOut);

    /// <summary>Reads a line that is UTF-8 and not blank. Its text points into the line or this reader's scratch.</summary>
    /// <param name="line">The line.</param>
    /// <param name="fields">Gets the message, or why it is none.</param>
    /// <param name="what">What the source calls it.</param>
    /// <param name="isEnded">Whether it is a line with its end, so that others may follow.</param>
    public void Parse(ReadOnlySpan<byte> line, ref MessageFields fields, string what = "line", bool isEnded = false)
    {
        _strings.Reserve(line.Length);
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = DepthMax });
        try
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                if (_mapped is not null)
                {
                    _mapped.Read(line, ref reader, ref fields);
                }
                else
                {
                    ReadObject(line, ref reader, ref fields);
                    fields.Require();
                }
            }
            else
            {
                JsonTokenType type = reader.TokenType;
                _strings.Skip(ref reader, ref fields);
                reader.Read();
                fields.Fail(
                    RejectionReason.NotAnObject,
                    $"the {what} is {(type == JsonTokenType.Null ? "null" : $"{Kind(type)}, {ShownText.Of(line)}")}, but a JSON object is expected");
            }
        }
        catch (JsonException exception)
        {
            // It is unreadable whatever its fields were.
            fields.Reason = RejectionReason.NotReadable;
            bool isCutArray = line.TrimStart(" \t\r\n"u8) is [(byte)'[', ..] && exception.Message.Contains("open JSON object or array", StringComparison.Ordinal);
            fields.Detail = isCutArray && isEnded ? $"the array does not end on its line; lake ingest --format json, or application/json over HTTP and RabbitMQ, reads one that is on several lines. It begins {ShownText.Of(line)}"
                : isCutArray ? $"the array is cut off: its ] is missing, so nothing of it is accepted. It begins {ShownText.Of(line)}"
                : $"the {what} is not JSON ({Cause(exception)}), but one JSON object is expected: {ShownText.Of(line)}{LookOf(line)}";
        }
    }

    // A record that is a whole table, or the header of one: nothing else that is not JSON is sent so often.
    private static string LookOf(ReadOnlySpan<byte> record)
    {
        ReadOnlySpan<byte> text = record.TrimStart(" \t\r\n"u8);
        int end = text.IndexOf((byte)'\n');
        ReadOnlySpan<byte> head = end < 0 ? text : text[..end];
        bool isHeader = head.IndexOf("timestamp"u8) >= 0 && head.IndexOf("message_id"u8) >= 0;
        return head.IndexOfAny("{["u8) < 0 && (end >= 0 || isHeader) && head.IndexOfAny(",;\t"u8) > 0 ? "; it looks like CSV, which `lake ingest FILE` reads" : "";
    }

    private void ReadObject(ReadOnlySpan<byte> line, ref Utf8JsonReader reader, ref MessageFields fields)
    {
        int used = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            InputField field = _strings.TryRead(ref reader, ref fields, used, out ReadOnlySpan<byte> name)
                ? InputFields.Find(name)
                : InputField.Unknown;
            reader.Read();
            if (field == InputField.Unknown)
            {
                leftOut.Pass(default, name, _strings, ref reader, ref fields);
                continue;
            }

            if (!fields.See(field))
            {
                _strings.Skip(ref reader, ref fields);
                continue;
            }

            switch (reader.TokenType)
            {
                case JsonTokenType.Null:
                    break;
                case JsonTokenType.String when field is not (InputField.CountryId or InputField.UserId) || fields.TypeOf(field) != IdType.Number32:
                    if (_strings.TryRead(ref reader, ref fields, used, out ReadOnlySpan<byte> text))
                    {
                        used += reader.ValueIsEscaped ? text.Length : 0;
                        Set(field, text, ref fields);
                    }

                    break;
                case JsonTokenType.Number when field is (InputField.CountryId or InputField.UserId) && (fields.TypeOf(field) != IdType.Text || IntegerText.IsInteger(reader.ValueSpan)):
                    fields.SetId(field, reader.ValueSpan);
                    break;
                case JsonTokenType.Number when field is InputField.Timestamp && timestampFormat is not null:
                    fields.SetTimestamp(reader.ValueSpan, zone, timestampFormat);
                    break;
                case JsonTokenType.Number when field is InputField.Timestamp:
                    fields.FailType(field, ShownText.Of(reader.ValueSpan), TimestampLook.Describe(reader.ValueSpan, null, zone));
                    break;
                case JsonTokenType.Number when field is InputField.Value || (field is InputField.MessageId && IntegerText.IsInteger(reader.ValueSpan)):
                    fields.SetText(field, reader.ValueSpan);
                    break;
                default:
                    int start = (int)reader.TokenStartIndex;
                    _strings.Skip(ref reader, ref fields);
                    ReadOnlySpan<byte> value = line[start..(int)reader.BytesConsumed];
                    fields.FailType(
                        field, ShownText.Of(value),
                        field == InputField.Timestamp && value.IndexOf("\"$date\""u8) > 0 ? "; it is within MongoDB's {\"$date\": ...}: send what is in it, as jq -c '.timestamp |= .\"$date\"' does"
                            : value is [(byte)'"', .. var within, (byte)'"'] ? fields.OtherType(field, within) : "");
                    break;
            }
        }

        // The object has ended: anything that follows makes this throw.
        reader.Read();
    }

    private void Set(InputField field, ReadOnlySpan<byte> text, ref MessageFields fields)
    {
        if (field == InputField.Timestamp)
        {
            fields.SetTimestamp(text, zone, timestampFormat);
        }
        else if (field is InputField.CountryId or InputField.UserId)
        {
            fields.SetId(field, text);
        }
        else
        {
            fields.SetText(field, text);
        }
    }

    private static string Kind(JsonTokenType type) => type switch
    {
        JsonTokenType.StartArray => "a JSON array",
        JsonTokenType.String => "a JSON string",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a truth value",
    };

    /// <summary>Returns the place and the cause.</summary>
    public static string Cause(JsonException exception, bool firstLine = false)
    {
        // The reader's own sentence, without the place that it adds: it counts from here, and a line is one line.
        string message = exception.Message;
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string sentence = (end < 0 ? message : message[..end]).TrimEnd('.');

        // These speak of the reader's settings.
        sentence = sentence switch
        {
            _ when sentence.Contains("JSON tokens", StringComparison.Ordinal) => "there is nothing where a JSON value is expected, such as behind a comma",
            _ when sentence.Contains("trailing comma", StringComparison.Ordinal) => "a comma comes before the end, with nothing behind it",
            _ when sentence.IndexOf(". Change the reader options", StringComparison.Ordinal) is > 0 and var options => sentence[..options],
            _ => sentence,
        };
        string where = exception.LineNumber is { } line && (line > 0 || firstLine) ? $"line {line + 1}, " : "";
        return $"{where}byte {(exception.BytePositionInLine ?? 0) + (firstLine ? 1 : 0)}: {sentence}";
    }
}
