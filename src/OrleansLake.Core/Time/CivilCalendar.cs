namespace OrleansLake.Core.Time;

/// <summary>The proleptic Gregorian calendar as day numbers: day 0 is 1970-01-01.</summary>
internal static class CivilCalendar
{
    public const int FirstDay = -719_162;   // 0001-01-01
    public const int LastDay = 2_932_896;   // 9999-12-31

    private const int DaysIn400Years = 146_097;

    private static ReadOnlySpan<byte> MonthLengths => [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    private static ReadOnlySpan<short> MonthStarts => [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

    public static bool IsLeap(int year) => (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);

    public static bool IsDate(int year, int month, int day) =>
        (uint)(month - 1) < 12
        && (uint)(day - 1) < (uint)(MonthLengths[month - 1] + (month == 2 && IsLeap(year) ? 1 : 0));

    /// <summary>Returns the day number of a date that <see cref="IsDate"/> holds for, in the years 0 to 10000.</summary>
    public static int ToDay(int year, int month, int day)
    {
        int before = year + 399;    // complete years since the year -399, which starts a cycle as the year 1 does
        int days = (before * 365) + (before >> 2) - (before / 100) + (before / 400) - DaysIn400Years;
        return days + FirstDay + MonthStarts[month - 1] + (month > 2 && IsLeap(year) ? 1 : 0) + day - 1;
    }

    /// <summary>Returns the day of the week, from Monday, 1, to Sunday, 7, of a day number in the years 0 to 10000.</summary>
    public static int WeekdayOf(int day) => ((((day - FirstDay) % 7) + 7) % 7) + 1;

    /// <summary>Returns the date of any day number.</summary>
    /// <remarks>Years start in March here, so that the leap day is a year's last: H. Hinnant, "chrono-Compatible
    /// Low-Level Date Algorithms", civil_from_days.</remarks>
    public static (int Year, int Month, int Day) FromDay(int day)
    {
        long shifted = day + 719_468L;      // days since 0000-03-01
        long era = (shifted >= 0 ? shifted : shifted - (DaysIn400Years - 1)) / DaysIn400Years;
        int dayOfEra = (int)(shifted - (era * DaysIn400Years));
        int yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        int dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        int shiftedMonth = ((5 * dayOfYear) + 2) / 153;
        int dayOfMonth = dayOfYear - (((153 * shiftedMonth) + 2) / 5) + 1;
        int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        int year = (int)(yearOfEra + (era * 400)) + (month <= 2 ? 1 : 0);
        return (year, month, dayOfMonth);
    }
}
