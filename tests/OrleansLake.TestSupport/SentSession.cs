namespace OrleansLake.TestSupport;

/// <summary>One connection of a producer: the records from some number on, as far as they were sent and acknowledged.</summary>
/// <param name="number">The session's number.</param>
/// <param name="firstRecord">The number of its first record.</param>
public sealed class SentSession(int number, int firstRecord)
{
    /// <summary>The session's number.</summary>
    public int Number { get; } = number;

    /// <summary>The number of its first record.</summary>
    public int FirstRecord { get; } = firstRecord;

    /// <summary>Gets or sets the number of records that may have been sent.</summary>
    public int SentRecords { get; set; }

    /// <summary>Gets or sets the number of messages that were acknowledged; records that are none are not counted.</summary>
    public int AcknowledgedMessages { get; set; }
}
