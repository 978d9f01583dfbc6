using System.Buffers;
using System.Buffers.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Cli.Producing;

/// <summary>
/// Messages as NDJSON, a line each, fields in the schema's order, nulls written out:
/// <c>{"timestamp":"...Z","value":"0","event_type":"SENT","message_id":"...","channel":"SMS","country_id":2006,"user_id":1035}</c>.
/// </summary>
internal static class MessageNdjson
{
    // Names, quotes, punctuation, the timestamp and two numbers of 64 bits: what a line has besides its texts.
    private const int FixedBytesMax = 192;

    private const int NumberBytesMax = 20;

    private static ReadOnlySpan<byte> Null => "null"u8;

    /// <summary>Writes every message of a batch.</summary>
    public static void Write(MessageBatch batch, IBufferWriter<byte> destination)
    {
        TextColumn eventTypes = Quoted(batch.EventTypes.Names);
        TextColumn channels = Quoted(batch.Channels.Names);
        ReadOnlySpan<long> timestamps = batch.Timestamps.Values;
        ReadOnlySpan<int> eventCodes = batch.EventTypes.Codes;
        ReadOnlySpan<int> channelCodes = batch.Channels.Codes;
        for (int row = 0; row < batch.Count; row++)
        {
            ReadOnlySpan<byte> value = batch.Values[row];
            ReadOnlySpan<byte> eventType = eventCodes[row] < 0 ? Null : eventTypes[eventCodes[row]];
            ReadOnlySpan<byte> channel = channelCodes[row] < 0 ? Null : channels[channelCodes[row]];
            int idLength = batch.MessageIds.TextLength(row);
            Span<byte> line = destination.GetSpan(
                FixedBytesMax + eventType.Length + channel.Length + (JsonText.GrowthMax * (value.Length + idLength + NameLength(batch.CountryIds, row) + NameLength(batch.UserIds, row))));
            int at = 0;
            if (batch.Timestamps.IsNull(row))
            {
                Put("{\"timestamp\":null"u8, line, ref at);
            }
            else
            {
                Put("{\"timestamp\":\""u8, line, ref at);
                at += TimestampText.FormatUtc(timestamps[row], line[at..]);
                line[at++] = (byte)'"';
            }

            Put(",\"value\":"u8, line, ref at);
            PutText(value, batch.Values.IsNull(row), line, ref at);
            Put(",\"event_type\":"u8, line, ref at);
            Put(eventType, line, ref at);
            Put(",\"message_id\":"u8, line, ref at);
            PutMessageId(batch.MessageIds, row, idLength, line, ref at);
            Put(",\"channel\":"u8, line, ref at);
            Put(channel, line, ref at);
            Put(",\"country_id\":"u8, line, ref at);
            PutId(batch.CountryIds, row, line, ref at);
            Put(",\"user_id\":"u8, line, ref at);
            PutId(batch.UserIds, row, line, ref at);
            Put("}\n"u8, line, ref at);
            destination.Advance(at);
        }
    }

    private static void PutMessageId(MessageIdColumn ids, int row, int length, Span<byte> line, ref int at)
    {
        switch (ids.Kinds[row])
        {
            case MessageIdKind.Uuid:
                line[at++] = (byte)'"';
                ids.CopyText(row, line[at..]);
                at += length;
                line[at++] = (byte)'"';
                break;
            case MessageIdKind.Text:
                PutText(ids.Texts[(int)ids.Bits[row].Low], false, line, ref at);
                break;
            default:
                Put(Null, line, ref at);
                break;
        }
    }

    private static void PutText(ReadOnlySpan<byte> text, bool isNull, Span<byte> line, ref int at)
    {
        if (isNull)
        {
            Put(Null, line, ref at);
            return;
        }

        line[at++] = (byte)'"';
        at += JsonText.Escape(text, line[at..]);
        line[at++] = (byte)'"';
    }

    private static int NameLength(IdColumn ids, int row) => ids.Type == IdType.Text && !ids.IsNull(row) ? ids.Names![ids.Values[row]].Length : 0;

    private static void PutId(IdColumn ids, int row, Span<byte> line, ref int at)
    {
        if (ids.Type == IdType.Text || ids.IsNull(row))
        {
            PutText(ids.IsNull(row) ? default : ids.Names![ids.Values[row]], ids.IsNull(row), line, ref at);
            return;
        }

        IdValue id = ids.Names is null ? ids.Values[row] : ids[row]!.Value;
        Span<byte> digits = stackalloc byte[NumberBytesMax];
        Utf8Formatter.TryFormat(id.Number!.Value, digits, out int written);
        if (id.IsExactInJavaScript)
        {
            Put(digits[..written], line, ref at);
        }
        else
        {
            PutText(digits[..written], false, line, ref at);
        }
    }

    private static void Put(ReadOnlySpan<byte> bytes, Span<byte> line, ref int at)
    {
        bytes.CopyTo(line[at..]);
        at += bytes.Length;
    }

    /// <summary>Returns every name as a JSON string: names are few, and messages many.</summary>
    private static TextColumn Quoted(NameTable names)
    {
        TextColumn quoted = new();
        ArrayBufferWriter<byte> text = new();
        for (int code = 0; code < names.Count; code++)
        {
            ReadOnlySpan<byte> name = names[code];
            text.ResetWrittenCount();
            Span<byte> escaped = text.GetSpan((JsonText.GrowthMax * name.Length) + 2);
            escaped[0] = (byte)'"';
            int length = JsonText.Escape(name, escaped[1..]);
            escaped[length + 1] = (byte)'"';
            quoted.Append(escaped[..(length + 2)]);
        }

        return quoted;
    }
}
