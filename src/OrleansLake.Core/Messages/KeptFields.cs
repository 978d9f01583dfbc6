namespace OrleansLake.Core.Messages;

/// <summary>The columns that a lake keeps beside those of a message.</summary>
[Flags]
public enum KeptFields
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The fields that no column takes, as JSON.</summary>
    Attributes = 1,

    /// <summary>The source of a record, and its number there.</summary>
    Source = 2,
}
