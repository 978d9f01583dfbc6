namespace OrleansLake.Client;

/// <summary>A sink's place cannot be used as it is. The message says why and what to do, and holds no password.</summary>
public class SinkException : Exception
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="message">For people: a sentence or two.</param>
    /// <param name="inner">The exception that it was noticed by.</param>
    public SinkException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
