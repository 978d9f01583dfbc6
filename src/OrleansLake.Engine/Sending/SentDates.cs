using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Engine.Sending;

/// <summary>Counts the dates of a body: each becomes a folder and a file of the next commit.</summary>
internal static class SentDates
{
    private const long MicrosecondsPerDay = 86_400_000_000;

    /// <summary>Whether the messages have more dates than a bound.</summary>
    internal static bool AreMoreThan(int datesMax, List<SentPiece> pieces, LakeTimeZone zone)
    {
        long least = long.MaxValue;
        long greatest = long.MinValue;
        foreach (SentPiece piece in pieces)
        {
            foreach (long timestamp in piece.Batch.Timestamps.Values)
            {
                least = Math.Min(least, timestamp);
                greatest = Math.Max(greatest, timestamp);
            }
        }

        // Nearly always: so few days lie between the first and the last that there is nothing to count.
        if (greatest < least || (greatest / MicrosecondsPerDay) - (least / MicrosecondsPerDay) + 2 <= datesMax)
        {
            return false;
        }

        var dates = new HashSet<int>();
        foreach (SentPiece piece in pieces)
        {
            NumberColumn<long> timestamps = piece.Batch.Timestamps;
            int[] days = new int[timestamps.Count];
            zone.LocalDays(timestamps.Values, days);
            foreach (int day in days)
            {
                dates.Add(day);
            }
        }

        return dates.Count > datesMax;
    }
}
