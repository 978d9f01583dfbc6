namespace OrleansLake.Silo;

/// <summary>The settings make no silo (exit code 2): every problem, a line each, with what would be right.</summary>
public sealed class SiloSettingsException : Exception
{
    /// <inheritdoc/>
    public SiloSettingsException()
    {
    }

    /// <inheritdoc/>
    public SiloSettingsException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public SiloSettingsException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
