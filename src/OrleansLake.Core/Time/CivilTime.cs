namespace OrleansLake.Core.Time;

/// <summary>A date and a time of day as they were read, with an offset or without.</summary>
internal struct CivilTime
{
    private const long MicrosPerSecond = 1_000_000;
    private const long SecondsPerDay = 86_400;

    public int Year;
    public int Month;
    public int Day;

    /// <summary>The day of the week that the text names, from Monday, 1, to Sunday, 7; 0 if it names none that is known.</summary>
    public int Weekday;
    public int Hour;

    /// <summary>An hour from 1 to 12, 0 if <see cref="Hour"/> counts.</summary>
    public int HalfDayHour;
    public bool IsAfternoon;
    public int Minute;
    public int Second;
    public int Micros;
    public bool HasOffset;
    public int OffsetSeconds;

    /// <summary>Returns the instant; without an offset the clock is the zone's.</summary>
    /// <remarks>
    /// Second 60 is a leap second, which there is only at 23:59:60 UTC (RFC 3339, section 5.7). The lake's days have
    /// 86,400 seconds, so it is read as the last microsecond before midnight, whatever its fraction.
    /// </remarks>
    public readonly TimestampError ToInstant(LakeTimeZone zone, out long micros)
    {
        micros = 0;
        int hour = HalfDayHour > 0 ? (HalfDayHour % 12) + (IsAfternoon ? 12 : 0) : Hour;
        if (hour > 23 || Minute > 59 || Second > 60 || !CivilCalendar.IsDate(Year, Month, Day))
        {
            return TimestampError.Unreadable;
        }

        int day = CivilCalendar.ToDay(Year, Month, Day);
        if (Weekday > 0 && Weekday != CivilCalendar.WeekdayOf(day))
        {
            return TimestampError.AnotherWeekday;
        }

        bool isLeap = Second == 60;
        long ofDay = (((hour * 60) + Minute) * 60) + (isLeap ? 59 : Second);
        long local = (((day * SecondsPerDay) + ofDay) * MicrosPerSecond) + (isLeap ? MicrosPerSecond - 1 : Micros);
        long instant = HasOffset ? local - (OffsetSeconds * MicrosPerSecond) : zone.ToInstant(local);
        if (isLeap && !IsLastOfDay(instant))
        {
            return TimestampError.LeapSecondElsewhere;
        }

        if (Year == 0 || !LakeTimeZone.IsInRange(zone.LocalDay(instant)))
        {
            return TimestampError.OutOfRange;
        }

        micros = instant;
        return TimestampError.None;
    }

    private static bool IsLastOfDay(long instant)
    {
        long ofDay = (instant + 1) % (SecondsPerDay * MicrosPerSecond);
        return ofDay == 0;
    }
}
