using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Engine.Sending;

/// <summary>The dates of a body: each becomes a folder and a file of the next commit.</summary>
internal static class SentDates
{
    /// <summary>Returns the dates of a few messages, in days since 1970-01-01.</summary>
    internal static IReadOnlyCollection<int> Of(MessageBatch messages, LakeTimeZone zone)
    {
        int[] days = new int[messages.Count];
        zone.LocalDays(messages.Timestamps.Values, days);
        return days.Length <= 1 ? days : [.. days.Distinct()];
    }

    /// <summary>Returns the dates that the messages have, in days since 1970-01-01.</summary>
    internal static IReadOnlyCollection<int> Of(List<SentPiece> pieces, LakeTimeZone zone)
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

        if (greatest < least)
        {
            return [];
        }

        // Nearly always: the first and the last are of one day, and with them all.
        Span<int> ends = stackalloc int[2];
        zone.LocalDays([least, greatest], ends);
        if (ends[0] == ends[1])
        {
            return [ends[0]];
        }

        var dates = new HashSet<int>();
        foreach (SentPiece piece in pieces)
        {
            NumberColumn<long> timestamps = piece.Batch.Timestamps;
            int[] days = new int[timestamps.Count];
            zone.LocalDays(timestamps.Values, days);
            for (int row = 0; row < days.Length; row++)
            {
                if (row == 0 || days[row] != days[row - 1])
                {
                    dates.Add(days[row]);
                }
            }
        }

        return dates;
    }
}
