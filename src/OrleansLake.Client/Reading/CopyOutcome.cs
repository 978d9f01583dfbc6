using System.Globalization;
using OrleansLake.Core.Messages;

namespace OrleansLake.Client.Reading;

/// <summary>The outcome of a copy of a message, and its reason, in the words of the contract.</summary>
internal static class CopyOutcome
{
    /// <summary>Returns a copy in the contract's form.</summary>
    /// <param name="offset">The copy's place in bronze.</param>
    /// <param name="micros">Its timestamp, in microseconds since 1970-01-01T00:00:00Z; null if it has none.</param>
    /// <param name="date">Its date as folders have it; null if it has none.</param>
    /// <param name="value">The text that came with it.</param>
    /// <param name="eventType">What happened to the message.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="countryId">The country's id.</param>
    /// <param name="userId">The user's id.</param>
    /// <param name="counted">The copy of its key that counts, this one or another; null if it has no event type.</param>
    internal static MessageCopy Of(
        long offset, long? micros, string? date, string? value, string? eventType, string? channel, IdValue? countryId, IdValue? userId, (long Offset, long? Micros)? counted)
    {
        (MessageOutcome outcome, string reason) = Judge(offset, micros, counted);
        return new MessageCopy
        {
            Offset = offset,
            Timestamp = Time(micros),
            Date = date is null ? null : DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture),
            Value = value,
            EventType = eventType,
            Channel = channel,
            CountryId = countryId,
            UserId = userId,
            Outcome = outcome,
            CountedOffset = outcome == MessageOutcome.Suppressed ? counted?.Offset : null,
            Reason = reason,
        };
    }

    /// <summary>Microseconds since 1970-01-01T00:00:00Z as an instant; null if there is none.</summary>
    internal static DateTimeOffset? Time(long? micros) =>
        micros is >= -62_135_596_800_000_000 and < 253_402_300_800_000_000 ? DateTimeOffset.UnixEpoch.AddTicks(micros.Value * TimeSpan.TicksPerMicrosecond) : null;

    private static (MessageOutcome Outcome, string Reason) Judge(long offset, long? micros, (long Offset, long? Micros)? counts)
    {
        if (counts is not { } counted)
        {
            return (MessageOutcome.Corrupted, "It has no event type: it is in messages_corrupted and is not counted.");
        }

        if (counted.Offset == offset)
        {
            return (MessageOutcome.Counted, "It is the first of its message id, event type and channel.");
        }

        return (MessageOutcome.Suppressed, counted.Micros == micros
            ? $"The copy at offset {counted.Offset} has the same timestamp and came first."
            : string.Create(CultureInfo.InvariantCulture, $"The copy at offset {counted.Offset} is earlier: {Time(counted.Micros):yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'}."));
    }
}
