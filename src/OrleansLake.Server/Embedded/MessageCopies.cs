using System.Globalization;
using OrleansLake.Client;
using OrleansLake.Engine.Live;

namespace OrleansLake.Server.Embedded;

/// <summary>A stored copy of a message in the words of the contract.</summary>
internal static class MessageCopies
{
    internal static MessageCopy Of(StoredCopy copy, MessageHistory history)
    {
        StoredCopy? counted = copy.IsCorrupted ? null : history.Copies.First(other => other.Offset == copy.CountedOffset);
        (MessageOutcome outcome, string reason) = CopyJudgement.Of(copy.IsCorrupted, copy.Offset, copy.TimestampMicros, (counted?.Offset ?? -1, counted?.TimestampMicros));
        return new MessageCopy
        {
            Offset = copy.Offset,
            Timestamp = CopyJudgement.Time(copy.TimestampMicros),
            Date = copy.Date is { } date ? DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
            Value = copy.Value,
            EventType = copy.EventType,
            Channel = copy.Channel,
            CountryId = copy.CountryId,
            UserId = copy.UserId,
            Outcome = outcome,
            CountedOffset = outcome == MessageOutcome.Suppressed ? copy.CountedOffset : null,
            Reason = reason,
        };
    }
}
