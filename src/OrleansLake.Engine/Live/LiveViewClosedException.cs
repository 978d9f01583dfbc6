namespace OrleansLake.Engine.Live;

/// <summary>The lake behind a live view was closed, or its partition was reopened: subscribe again.</summary>
public sealed class LiveViewClosedException : Exception
{
    /// <inheritdoc/>
    public LiveViewClosedException()
        : this("the lake was closed or reopened; subscribe again")
    {
    }

    /// <inheritdoc/>
    public LiveViewClosedException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public LiveViewClosedException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
