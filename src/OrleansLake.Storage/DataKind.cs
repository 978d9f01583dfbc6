namespace OrleansLake.Storage;

/// <summary>The kinds of data files. The numbers are written to disk: they are added to, never changed.</summary>
public enum DataKind
{
    /// <summary>Accepted messages as they came.</summary>
    Bronze = 1,

    /// <summary>Silver: messages with an event type.</summary>
    Messages = 2,

    /// <summary>Silver: messages whose event type is null, empty or <c>NONE</c>.</summary>
    MessagesCorrupted = 3,

    /// <summary>Rejected input.</summary>
    Quarantine = 4,
}
