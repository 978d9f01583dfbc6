namespace OrleansLake.Client;

/// <summary>Another owner has created a later epoch in a sink's place: what this one would write does not count any more, and it ends.</summary>
public sealed class SinkOwnershipException : SinkException
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="message">For people: who or what has taken over, as far as it is known.</param>
    public SinkOwnershipException(string message)
        : base(message)
    {
    }
}
