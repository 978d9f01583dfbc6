namespace OrleansLake.Core.Time;

/// <summary>The reasons why a text is not a timestamp.</summary>
public enum TimestampError
{
    /// <summary>It is one.</summary>
    None = 0,

    /// <summary>It is not written as one, or names a date or a time of day that does not exist.</summary>
    Unreadable = 1,

    /// <summary>Its local date is not within the years 0001 to 9999.</summary>
    OutOfRange = 2,

    /// <summary>Its second is 60, but not at 23:59:60 UTC, where alone a leap second can be.</summary>
    LeapSecondElsewhere = 3,

    /// <summary>Its date does not fall on the day of the week that it names.</summary>
    AnotherWeekday = 4,
}
