using OrleansLake.Client;
using OrleansLake.Engine.Live;

namespace OrleansLake.Server.Embedded;

/// <summary>A stored copy of a message in the words of the contract.</summary>
internal static class MessageCopies
{
    internal static MessageCopy Of(StoredCopy copy, MessageHistory history)
    {
        StoredCopy? counted = copy.IsCorrupted ? null : history.Copies.First(other => other.Offset == copy.CountedOffset);
        return CopyJudgement.Of(
            copy.Offset, copy.TimestampMicros, copy.Date, copy.Value, copy.EventType, copy.Channel, copy.CountryId, copy.UserId,
            counted is null ? null : (counted.Offset, counted.TimestampMicros));
    }
}
