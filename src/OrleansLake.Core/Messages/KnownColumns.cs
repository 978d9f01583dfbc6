namespace OrleansLake.Core.Messages;

/// <summary>The columns of a message, as a set.</summary>
[Flags]
public enum KnownColumns
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary><c>timestamp</c>.</summary>
    Timestamp = 1,

    /// <summary><c>value</c>.</summary>
    Value = 2,

    /// <summary><c>event_type</c>.</summary>
    EventType = 4,

    /// <summary><c>message_id</c>.</summary>
    MessageId = 8,

    /// <summary><c>channel</c>.</summary>
    Channel = 16,

    /// <summary><c>country_id</c>.</summary>
    CountryId = 32,

    /// <summary><c>user_id</c>.</summary>
    UserId = 64,

    /// <summary>All of them.</summary>
    All = 127,
}
