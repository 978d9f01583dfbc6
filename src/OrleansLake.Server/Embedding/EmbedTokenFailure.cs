namespace OrleansLake.Server;

/// <summary>The reasons why an embed token is not accepted.</summary>
public enum EmbedTokenFailure
{
    /// <summary>It is accepted.</summary>
    None = 0,

    /// <summary>It is not a JSON Web Token as the lake has them (three parts, HS256), or too long.</summary>
    Malformed = 1,

    /// <summary>Its key is not known here.</summary>
    UnknownKey = 2,

    /// <summary>Its signature is wrong.</summary>
    WrongSignature = 3,

    /// <summary>It was good until some time ago.</summary>
    Expired = 4,

    /// <summary>It is good from some time in the future on.</summary>
    NotYetValid = 5,

    /// <summary>It would be good for longer than the lake allows, or has no end.</summary>
    LastsTooLong = 6,

    /// <summary>It says nothing, or something that is not understood, about what may be read.</summary>
    UnreadableClaims = 7,
}
