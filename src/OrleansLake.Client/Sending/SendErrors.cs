namespace OrleansLake.Client;

/// <summary>Bounds on what is said of a send.</summary>
public static class SendErrors
{
    /// <summary>How many errors a result lists at most; quarantine has them all.</summary>
    public const int ErrorsMax = 100;
}
