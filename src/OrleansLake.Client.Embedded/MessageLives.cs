using OrleansLake.Client.Reading;
using OrleansLake.Engine.Live;

namespace OrleansLake.Client.Embedded;

/// <summary>The copies of a message that a lake has, in the form of the contract.</summary>
internal static class MessageLives
{
    internal static MessageLife Of(string messageId, MessageHistory history) =>
        new(messageId, new LakePosition(history.At.Generation, history.At.Offsets), [.. history.Copies.Select(copy => CopyOf(copy, history))]);

    private static MessageCopy CopyOf(StoredCopy copy, MessageHistory history)
    {
        StoredCopy? counted = copy.IsCorrupted ? null : history.Copies.First(other => other.Offset == copy.CountedOffset);
        return CopyOutcome.Of(
            copy.Offset, copy.TimestampMicros, copy.Date, copy.Value, copy.EventType, copy.Channel, copy.CountryId, copy.UserId,
            counted is null ? null : (counted.Offset, counted.TimestampMicros)) with
        { Attributes = copy.Attributes, Source = copy.Source, SourceOffset = copy.SourceOffset, Columns = copy.Columns };
    }
}
