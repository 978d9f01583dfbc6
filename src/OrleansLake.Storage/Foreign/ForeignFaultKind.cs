namespace OrleansLake.Storage;

/// <summary>What has happened to another program's bronze file since it was taken in.</summary>
public enum ForeignFaultKind
{
    /// <summary>There is no file of its name.</summary>
    Gone,

    /// <summary>The file of its name holds other bytes.</summary>
    Changed,

    /// <summary>Its bytes stand under another name, and not under its own.</summary>
    Renamed,

    /// <summary>The file of its name cannot be read.</summary>
    Unreadable,
}
