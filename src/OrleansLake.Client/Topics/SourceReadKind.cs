namespace OrleansLake.Client;

/// <summary>The kinds of what a reader returns.</summary>
public enum SourceReadKind
{
    /// <summary>Nothing came.</summary>
    Nothing,

    /// <summary>A record.</summary>
    Record,

    /// <summary>A record without a value: an offset that holds no message.</summary>
    WithoutValue,

    /// <summary>The end of the partition, for now; before it may be offsets without a record.</summary>
    End,

    /// <summary>The record that comes next is gone.</summary>
    OutOfRange,
}
