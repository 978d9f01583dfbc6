using OrleansLake.Core.Messages;

namespace OrleansLake.Client;

/// <summary>Bounds on what a result reports of a send.</summary>
public static class SendErrors
{
    /// <summary>The number of errors that a result lists at most, unless it is asked for another number; quarantine has them all.</summary>
    public const int ErrorsMax = Rejection.ListedMax;

    /// <summary>The largest number of errors that can be asked for: the messages of a producer's largest batch.</summary>
    public const int ErrorsLimit = 100_000;
}
