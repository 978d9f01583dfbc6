namespace OrleansLake.Client;

/// <summary>A call that did not do what was asked. The message is for the user: what is wrong, and what to do.</summary>
public sealed class LakeClientException : Exception
{
    /// <summary>Initializes the exception with a kind of failure.</summary>
    public LakeClientException(LakeClientErrorKind kind, string message, Exception? inner = null)
        : base(message, inner) => Kind = kind;

    /// <summary>Gets the kind of failure, which says what to do.</summary>
    public LakeClientErrorKind Kind { get; init; }

    /// <summary>Gets a value indicating whether nothing was sent at all: no connection could be made.</summary>
    internal bool IsUnsent { get; init; }

    /// <summary>Gets the time to wait before it is tried again, where the lake says so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
