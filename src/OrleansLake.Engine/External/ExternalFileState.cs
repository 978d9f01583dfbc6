namespace OrleansLake.Engine;

/// <summary>The state of an external bronze file, compared with what was ingested.</summary>
public enum ExternalFileState
{
    /// <summary>It was ingested and is what it was.</summary>
    Taken,

    /// <summary>It is not ingested yet.</summary>
    New,

    /// <summary>It was not ingested, because it cannot be read as messages.</summary>
    Refused,

    /// <summary>It was ingested, and there is no file of its name any more.</summary>
    Gone,

    /// <summary>It was ingested, and the file of its name holds other bytes.</summary>
    Changed,

    /// <summary>It was ingested, and its bytes are under another name.</summary>
    Renamed,

    /// <summary>It was ingested, and the file of its name cannot be read.</summary>
    Unreadable,

    /// <summary>It was ingested, and somebody has accepted that it is no longer what it was.</summary>
    Accepted,

    /// <summary>It is not taken: a link, a pipe or device, or a name that is not UTF-8.</summary>
    LeftOut,

    /// <summary>It adds no rows: its bytes are those of a file that was ingested, and that was accepted to be gone or changed.</summary>
    Known,
}
