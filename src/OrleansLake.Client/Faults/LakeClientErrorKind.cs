namespace OrleansLake.Client;

/// <summary>The kinds of failures of a call, by what can be done about them.</summary>
public enum LakeClientErrorKind
{
    /// <summary>The lake is unavailable, or went away: try the same again.</summary>
    Unavailable = 0,

    /// <summary>The call is wrong: correct it.</summary>
    BadRequest = 1,

    /// <summary>There is no such thing.</summary>
    NotFound = 2,

    /// <summary>The key is missing or unknown, or must not do this.</summary>
    Unauthorized = 3,

    /// <summary>The position is of another generation, or no lake has come so far: read again without it.</summary>
    PositionGone = 4,

    /// <summary>The position was not reached in time: try again.</summary>
    PositionNotReached = 5,

    /// <summary>This reader was too slow and was cut off: subscribe again.</summary>
    TooSlow = 6,

    /// <summary>The body is larger than the lake takes.</summary>
    TooLarge = 7,

    /// <summary>The lake failed at it: its log says why.</summary>
    Failed = 8,
}
