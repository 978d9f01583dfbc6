namespace OrleansLake.Core.Messages;

/// <summary>The types of a message's columns.</summary>
public enum MessageColumnType
{
    /// <summary>An instant in microseconds since 1970-01-01.</summary>
    Timestamp,

    /// <summary>Text in UTF-8.</summary>
    Text,

    /// <summary>A whole number of 32 bits.</summary>
    Number,
}
