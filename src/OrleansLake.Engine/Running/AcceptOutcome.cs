namespace OrleansLake.Engine;

/// <summary>The outcome of accepting an external bronze file.</summary>
public enum AcceptOutcome
{
    /// <summary>That it is gone or has changed is accepted now.</summary>
    Accepted,

    /// <summary>It was accepted before.</summary>
    AcceptedBefore,

    /// <summary>It is what was ingested: there is nothing to accept.</summary>
    Unchanged,

    /// <summary>No file of this name was ingested.</summary>
    Unknown,

    /// <summary>The file of this name was refused: nothing of it is in the lake that could stay.</summary>
    Refused,

    /// <summary>Its bytes are those of a file that was accepted before: there is nothing to accept.</summary>
    Known,
}
