using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Engine.Reading;

/// <summary>
/// Holds rows that were read from a Parquet file to what every sender is held to: a timestamp within range and a
/// message id. What breaks that is rejected, with the row as JSON for its raw bytes.
/// </summary>
internal static class RowValidation
{
    /// <summary>The batch itself if all its rows are messages, else a new one with those that are.</summary>
    internal static MessageBatch Keep(MessageBatch batch, long firstRecord, LakeTimeZone zone, List<Rejection> rejections)
    {
        for (int row = 0; row < batch.Count; row++)
        {
            (RejectionReason Reason, string Detail)? fault = Fault(batch, row, zone);
            if (fault is { } found)
            {
                rejections.Add(new Rejection(found.Reason, found.Detail, firstRecord + row, -1, ToJson(batch, row)));
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
            if (next < rejections.Count && rejections[next].Record == firstRecord + row)
            {
                next++;
                continue;
            }

            kept.AppendRow(batch, row);
        }

        return kept;
    }

    private static (RejectionReason Reason, string Detail)? Fault(MessageBatch batch, int row, LakeTimeZone zone)
    {
        if (batch.Timestamps.IsNull(row))
        {
            return (RejectionReason.MissingTimestamp, "timestamp is null; every message needs one.");
        }

        long micros = batch.Timestamps.Values[row];
        if (!LakeTimeZone.IsInRange(zone.LocalDay(micros)))
        {
            return (RejectionReason.TimestampOutOfRange,
                string.Create(CultureInfo.InvariantCulture, $"timestamp is {micros} microseconds since 1970, which is no date from 0001-01-01 to 9999-12-31."));
        }

        return batch.MessageIds.TextLength(row) == 0
            ? (RejectionReason.MissingMessageId, "message_id is null or empty; every message needs one.")
            : null;
    }

    private static byte[] ToJson(MessageBatch batch, int row)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            if (batch.Timestamps.IsNull(row))
            {
                json.WriteNull("timestamp");
            }
            else
            {
                json.WriteNumber("timestamp", batch.Timestamps.Values[row]);
            }

            WriteText(json, "value", batch.Values.IsNull(row), batch.Values[row]);
            WriteText(json, "event_type", batch.EventTypes.IsNull(row), batch.EventTypes[row]);
            byte[] id = new byte[batch.MessageIds.TextLength(row)];
            batch.MessageIds.CopyText(row, id);
            WriteText(json, "message_id", batch.MessageIds.Kinds[row] == MessageIdKind.Null, id);
            WriteText(json, "channel", batch.Channels.IsNull(row), batch.Channels[row]);
            WriteNumber(json, "country_id", batch.CountryIds, row);
            WriteNumber(json, "user_id", batch.UserIds, row);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, bool isNull, ReadOnlySpan<byte> text)
    {
        if (isNull)
        {
            json.WriteNull(name);
        }
        else
        {
            // A Parquet file may call bytes text that are no UTF-8.
            json.WriteString(name, Encoding.UTF8.GetString(text));
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, NumberColumn<int> column, int row)
    {
        if (column.IsNull(row))
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteNumber(name, column.Values[row]);
        }
    }
}
