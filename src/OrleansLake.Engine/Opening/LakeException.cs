namespace OrleansLake.Engine;

/// <summary>A failure whose message is for the user: what is wrong, and what to do.</summary>
public sealed class LakeException : Exception
{
    /// <summary>Initializes the exception with a kind of failure.</summary>
    public LakeException(LakeFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>Gets the kind of failure.</summary>
    public LakeFailure Failure { get; init; } = LakeFailure.Failed;
}
