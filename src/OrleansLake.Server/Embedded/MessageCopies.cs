using System.Globalization;
using OrleansLake.Client;
using OrleansLake.Engine.Live;

namespace OrleansLake.Server.Embedded;

/// <summary>A stored copy of a message in the words of the contract.</summary>
internal static class MessageCopies
{
    internal static MessageCopy Of(StoredCopy copy, MessageHistory history)
    {
        MessageOutcome outcome = copy.IsCorrupted ? MessageOutcome.Corrupted
            : copy.CountedOffset == copy.Offset ? MessageOutcome.Counted : MessageOutcome.Suppressed;
        return new MessageCopy
        {
            Offset = copy.Offset,
            Timestamp = Time(copy.TimestampMicros),
            Date = copy.Date is { } date ? DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
            Value = copy.Value,
            EventType = copy.EventType,
            Channel = copy.Channel,
            CountryId = copy.CountryId,
            UserId = copy.UserId,
            Outcome = outcome,
            CountedOffset = outcome == MessageOutcome.Suppressed ? copy.CountedOffset : null,
            Reason = outcome switch
            {
                MessageOutcome.Corrupted => "It has no event type: it stands in messages_corrupted and is not counted.",
                MessageOutcome.Counted => "It is the first of its message id, event type and channel.",
                _ => WhySuppressed(copy, history),
            },
        };
    }

    private static string WhySuppressed(StoredCopy copy, MessageHistory history)
    {
        StoredCopy counted = history.Copies.First(other => other.Offset == copy.CountedOffset);
        return counted.TimestampMicros == copy.TimestampMicros
            ? $"The copy at offset {counted.Offset} has the same timestamp and came first."
            : string.Create(CultureInfo.InvariantCulture, $"The copy at offset {counted.Offset} is earlier: {Time(counted.TimestampMicros):yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'}.");
    }

    private static DateTimeOffset? Time(long? micros) =>
        micros is > -62_135_596_800_000_000 and < 253_402_300_800_000_000 ? DateTimeOffset.UnixEpoch.AddTicks(micros.Value * TimeSpan.TicksPerMicrosecond) : null;
}
