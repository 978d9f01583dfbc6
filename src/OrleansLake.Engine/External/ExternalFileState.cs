namespace OrleansLake.Engine;

/// <summary>The state of an external bronze file, compared with what was ingested.</summary>
public enum ExternalFileState
{
    /// <summary>It was taken in and is what it was.</summary>
    Taken,

    /// <summary>It is not taken in yet.</summary>
    New,

    /// <summary>It was not taken in, because it cannot be read as messages.</summary>
    Refused,

    /// <summary>It was taken in, and there is no file of its name any more.</summary>
    Gone,

    /// <summary>It was taken in, and the file of its name holds other bytes.</summary>
    Changed,

    /// <summary>It was taken in, and its bytes stand under another name.</summary>
    Renamed,

    /// <summary>It was taken in, and the file of its name cannot be read.</summary>
    Unreadable,

    /// <summary>It was taken in, and somebody has accepted that it is no longer what it was.</summary>
    Accepted,

    /// <summary>It is not taken: a link, a pipe or device, or a name that is not UTF-8.</summary>
    LeftOut,

    /// <summary>It adds no rows: its bytes are those of a file that was ingested, and that was accepted to be gone or changed.</summary>
    Known,
}
