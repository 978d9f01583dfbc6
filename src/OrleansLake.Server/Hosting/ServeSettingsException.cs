namespace OrleansLake.Server;

/// <summary>A server cannot be started like this; the message says what to change.</summary>
public sealed class ServeSettingsException : Exception
{
    /// <inheritdoc/>
    public ServeSettingsException()
    {
    }

    /// <inheritdoc/>
    public ServeSettingsException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public ServeSettingsException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
