namespace OrleansLake.Storage.External;

/// <summary>The ways in which an external bronze file has changed since it was ingested.</summary>
internal enum ExternalFaultKind
{
    /// <summary>There is no file of its name.</summary>
    Gone,

    /// <summary>The file of its name holds other bytes.</summary>
    Changed,

    /// <summary>Its bytes are under another name, and not under its own.</summary>
    Renamed,

    /// <summary>The file of its name cannot be read.</summary>
    Unreadable,
}
