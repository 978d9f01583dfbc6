namespace OrleansLake.Core.Time;

/// <summary>Finds a <see cref="TimeZoneInfo"/>'s transitions by asking it for offsets.</summary>
internal static class TimeZoneInfoReader
{
    private const long Day = 86_400;

    // The Gregorian calendar, weekdays included, repeats after 400 years, and so does every rule.
    private const long CycleSeconds = 146_097 * Day;

    public static LakeTimeZone Read(TimeZoneInfo zone)
    {
        if (!zone.SupportsDaylightSavingTime && zone.GetAdjustmentRules().Length == 0)
        {
            return new LakeTimeZone(zone.Id, [], [(int)zone.BaseUtcOffset.TotalSeconds]);
        }

        long first = CivilCalendar.ToDay(1800, 1, 1) * Day;
        long future = CivilCalendar.ToDay(2100, 1, 1) * Day;
        long cycleEnd = future + CycleSeconds;
        long end = CivilCalendar.ToDay(10_000, 1, 1) * Day;
        var intervals = new ZoneIntervals(OffsetAt(zone, first));
        var cycle = new List<(long Start, int Offset)>();
        int offset = intervals.LastOffset;
        for (long at = first; at < cycleEnd;)
        {
            long next = at + (at < future ? Day / 4 : 7 * Day);
            int nextOffset = OffsetAt(zone, next);
            if (nextOffset != offset)
            {
                long start = Bisect(zone, at, next, offset);
                intervals.Add(start, nextOffset);
                if (start >= future)
                {
                    cycle.Add((start, nextOffset));
                }
            }

            offset = nextOffset;
            at = next;
        }

        for (long shift = CycleSeconds; cycle.Count > 0 && shift < end - future; shift += CycleSeconds)
        {
            foreach ((long start, int then) in cycle)
            {
                intervals.Add(start + shift, then);
            }
        }

        return intervals.ToZone(zone.Id);
    }

    private static long Bisect(TimeZoneInfo zone, long low, long high, int lowOffset)
    {
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            if (OffsetAt(zone, middle) == lowOffset)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return high;
    }

    private static int OffsetAt(TimeZoneInfo zone, long seconds) =>
        (int)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(seconds)).TotalSeconds;
}
