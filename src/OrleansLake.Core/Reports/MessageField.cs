namespace OrleansLake.Core.Reports;

/// <summary>The fields that a report can group by.</summary>
public enum MessageField
{
    /// <summary>The local date of the timestamp.</summary>
    Date = 0,

    /// <summary>The event: what happened to the message.</summary>
    EventType = 1,

    /// <summary>The channel that it went through.</summary>
    Channel = 2,

    /// <summary>The user's number.</summary>
    UserId = 3,

    /// <summary>The country's number.</summary>
    CountryId = 4,
}
