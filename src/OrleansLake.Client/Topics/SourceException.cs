namespace OrleansLake.Client;

/// <summary>A source is not read as it is. The message says why and what to do, and holds no password.</summary>
public class SourceException : Exception
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="message">For people: a sentence or two.</param>
    /// <param name="inner">The exception that it was noticed by.</param>
    public SourceException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
