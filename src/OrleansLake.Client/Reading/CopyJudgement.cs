using System.Globalization;

namespace OrleansLake.Client;

/// <summary>What became of a copy of a message, and why, in the words of the contract.</summary>
internal static class CopyJudgement
{
    /// <param name="isCorrupted">Whether it has no event type.</param>
    /// <param name="offset">The copy's place in bronze.</param>
    /// <param name="micros">Its timestamp.</param>
    /// <param name="counted">The copy of its key that counts, and that one's timestamp.</param>
    internal static (MessageOutcome Outcome, string Reason) Of(bool isCorrupted, long offset, long? micros, (long Offset, long? Micros) counted)
    {
        if (isCorrupted)
        {
            return (MessageOutcome.Corrupted, "It has no event type: it stands in messages_corrupted and is not counted.");
        }

        if (counted.Offset == offset)
        {
            return (MessageOutcome.Counted, "It is the first of its message id, event type and channel.");
        }

        return (MessageOutcome.Suppressed, counted.Micros == micros
            ? $"The copy at offset {counted.Offset} has the same timestamp and came first."
            : string.Create(CultureInfo.InvariantCulture, $"The copy at offset {counted.Offset} is earlier: {Time(counted.Micros):yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'}."));
    }

    /// <summary>Microseconds since 1970-01-01T00:00:00Z as an instant; null if there is none.</summary>
    internal static DateTimeOffset? Time(long? micros) =>
        micros is > -62_135_596_800_000_000 and < 253_402_300_800_000_000 ? DateTimeOffset.UnixEpoch.AddTicks(micros.Value * TimeSpan.TicksPerMicrosecond) : null;
}
