using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

/// <summary>One record of a source: its line, and what the lake should make of it.</summary>
/// <param name="Line">The NDJSON line, without its end.</param>
/// <param name="Value">The message's value.</param>
/// <param name="Message">The message as the oracle sees it, in UTC; null if the line is to be rejected.</param>
public sealed record SentMessage(string Line, string? Value, Message? Message)
{
    /// <summary>The line: what a failing property shows.</summary>
    public override string ToString() => Line;

    /// <summary>The message with its local date in a zone.</summary>
    internal Message In(LakeTimeZone zone) => Message! with { Day = DayIn(zone, Message.Timestamp) };

    /// <summary>The silver row that it should become: table, date and columns, in one text.</summary>
    internal string Row(LakeTimeZone zone, CountryTable countries, long offset)
    {
        Message message = In(zone);
        int country = message.CountryId is { } id ? countries.IndexOf(id) : -1;
        return SilverRows.Text(
            Oracle.IsCorrupted(message) ? "messages_corrupted" : "messages",
            Oracle.Date(message),
            message.Timestamp,
            Value,
            message.EventType,
            message.MessageId,
            message.Channel,
            message.CountryId,
            message.UserId,
            country < 0 ? null : System.Text.Encoding.UTF8.GetString(countries.Name(country)),
            offset);
    }

    /// <summary>Messages as a producer has them.</summary>
    internal static MessageBatch Batch(IEnumerable<SentMessage> sent)
    {
        var batch = new MessageBatch();
        foreach (SentMessage one in sent)
        {
            Message message = one.Message!;
            Append(batch.Timestamps, message.Timestamp);
            Append(one.Value, batch.Values.AppendNull, bytes => batch.Values.Append(bytes));
            Append(message.EventType, batch.EventTypes.AppendNull, bytes => batch.EventTypes.Append(bytes));
            Append(message.MessageId, batch.MessageIds.AppendNull, bytes => batch.MessageIds.Append(bytes));
            Append(message.Channel, batch.Channels.AppendNull, bytes => batch.Channels.Append(bytes));
            Append(batch.CountryIds, message.CountryId);
            Append(batch.UserIds, message.UserId);
        }

        return batch;
    }

    private static int DayIn(LakeTimeZone zone, long? timestamp) =>
        timestamp is { } micros && zone.LocalDay(micros) is var day && LakeTimeZone.IsInRange(day) ? day : int.MinValue;

    private static void Append<T>(NumberColumn<T> column, T? value)
        where T : unmanaged
    {
        if (value is { } known)
        {
            column.Append(known);
        }
        else
        {
            column.AppendNull();
        }
    }

    private static void Append(string? text, Action appendNull, Action<byte[]> append)
    {
        if (text is null)
        {
            appendNull();
        }
        else
        {
            append(System.Text.Encoding.UTF8.GetBytes(text));
        }
    }
}
