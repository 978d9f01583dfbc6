namespace OrleansLake.Core.Messages;

/// <summary>The reasons why input is not a message. The names are written to disk: they are added to, never changed.</summary>
public enum RejectionReason
{
    /// <summary>The record is not JSON (or not CSV).</summary>
    NotReadable = 1,

    /// <summary>The record is JSON, but no object.</summary>
    NotAnObject = 2,

    /// <summary>The record's bytes are not UTF-8, or text holds half a surrogate pair.</summary>
    NotUtf8 = 3,

    /// <summary>The timestamp is missing or null.</summary>
    MissingTimestamp = 4,

    /// <summary>The timestamp cannot be read.</summary>
    UnreadableTimestamp = 5,

    /// <summary>The timestamp's local date is not within the years 0001 to 9999.</summary>
    TimestampOutOfRange = 6,

    /// <summary>The message id is missing, null or empty.</summary>
    MissingMessageId = 7,

    /// <summary>A field holds another type than its column's.</summary>
    WrongType = 8,

    /// <summary>A number does not fit its column.</summary>
    NumberOutOfRange = 9,

    /// <summary>A field occurs twice in a record.</summary>
    DuplicateField = 10,

    /// <summary>The record is longer than the limit.</summary>
    TooLong = 11,
}
