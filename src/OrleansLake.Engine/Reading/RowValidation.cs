using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Engine.Reading;

/// <summary>
/// Holds rows that were read from a Parquet file to what every sender is held to: values that fit their columns, a
/// timestamp within range and a message id. What breaks that is rejected, with the row as JSON for its raw bytes.
/// </summary>
internal static class RowValidation
{
    /// <summary>Returns the batch itself if all its rows are messages, else a new one with those that are.</summary>
    internal static MessageBatch Keep(MessageRows rows, LakeTimeZone zone, List<Rejection> rejections)
    {
        MessageBatch batch = rows.Batch;
        int nextFault = 0;
        for (int row = 0; row < batch.Count; row++)
        {
            int firstFault = nextFault;
            while (nextFault < rows.Faults.Count && rows.Faults[nextFault].Row == row)
            {
                nextFault++;
            }

            FieldFault? fault = nextFault > firstFault ? rows.Faults[firstFault].Fault : Fault(batch, row, zone);
            if (fault is { } found)
            {
                byte[] raw = ToJson(batch, row, rows.Faults.Skip(firstFault).Take(nextFault - firstFault));
                string detail = found.Reason == RejectionReason.TooLong ? $"{found.Detail}; the first {TextReading.KeptBytesMax} are kept here" : found.Detail;
                rejections.Add(new Rejection(found.Reason, detail, rows.FirstRow + row, -1, raw));
            }
        }

        if (rejections.Count == 0)
        {
            return batch;
        }

        var kept = new MessageBatch();
        int next = 0;
        for (int row = 0; row < batch.Count; row++)
        {
            if (next < rejections.Count && rejections[next].Record == rows.FirstRow + row)
            {
                next++;
                continue;
            }

            kept.AppendRow(batch, row);
        }

        return kept;
    }

    private static FieldFault? Fault(MessageBatch batch, int row, LakeTimeZone zone)
    {
        if (batch.Timestamps.IsNull(row))
        {
            return new FieldFault(RejectionReason.MissingTimestamp, "timestamp is null; every message needs one.");
        }

        long micros = batch.Timestamps.Values[row];
        if (!LakeTimeZone.IsInRange(zone.LocalDay(micros)))
        {
            return FieldText.TimestampOutOfRange(micros is long.MaxValue or -long.MaxValue ? $"{Text(micros)} (infinity)" : Text(micros), zone);
        }

        return batch.MessageIds.TextLength(row) == 0
            ? new FieldFault(RejectionReason.MissingMessageId, "message_id is null or empty; every message needs one.")
            : null;
    }

    private static string Text(long micros)
    {
        Span<byte> text = stackalloc byte[TimestampText.FormatBytesMax];
        return Encoding.ASCII.GetString(text[..TimestampText.FormatUtc(micros, text)]);
    }

    // As a sender of JSON would have written it, so that it can be sent again when it is corrected.
    private static byte[] ToJson(MessageBatch batch, int row, IEnumerable<RowFault> faults)
    {
        Dictionary<string, byte[]> asTheyCame = faults.ToDictionary(static fault => fault.Column, static fault => fault.Json);
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            Write("timestamp", batch.Timestamps.IsNull(row), name => json.WriteString(name, Text(batch.Timestamps.Values[row])));
            Write("value", batch.Values.IsNull(row), name => json.WriteString(name, batch.Values[row]));
            Write("event_type", batch.EventTypes.IsNull(row), name => json.WriteString(name, batch.EventTypes[row]));
            Write("message_id", batch.MessageIds.Kinds[row] == MessageIdKind.Null, name => json.WriteString(name, IdOf(batch, row)));
            Write("channel", batch.Channels.IsNull(row), name => json.WriteString(name, batch.Channels[row]));
            Write("country_id", batch.CountryIds.IsNull(row), name => WriteId(json, name, batch.CountryIds, row));
            Write("user_id", batch.UserIds.IsNull(row), name => WriteId(json, name, batch.UserIds, row));
            json.WriteEndObject();

            void Write(string name, bool isNull, Action<string> write)
            {
                if (asTheyCame.TryGetValue(name, out byte[]? value))
                {
                    json.WritePropertyName(name);
                    json.WriteRawValue(value, skipInputValidation: true);
                }
                else if (isNull)
                {
                    json.WriteNull(name);
                }
                else
                {
                    write(name);
                }
            }
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteId(Utf8JsonWriter json, string name, IdColumn ids, int row)
    {
        IdValue id = ids[row]!.Value;
        if (id.Number is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteString(name, id.Text);
        }
    }

    private static byte[] IdOf(MessageBatch batch, int row)
    {
        byte[] id = new byte[batch.MessageIds.TextLength(row)];
        batch.MessageIds.CopyText(row, id);
        return id;
    }
}
