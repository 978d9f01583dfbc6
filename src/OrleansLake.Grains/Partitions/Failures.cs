using OrleansLake.Storage;

namespace OrleansLake.Grains;

/// <summary>What may go wrong where partitions are owned.</summary>
internal static class Failures
{
    /// <summary>Whether the partition has another owner now, or lost its log or the whole lake: this one can do nothing more.</summary>
    internal static bool IsLoss(Exception e) => e is OwnershipLostException or LakeNotFoundException or LogClosedException or ObjectDisposedException;

    /// <summary>Why something is tried again, in words: what Orleans says of a silo that went names messages that nobody knows.</summary>
    internal static string ReasonOf(Exception e) =>
        e is SiloUnavailableException or OrleansMessageRejectionException or Orleans.Runtime.Messaging.ConnectionFailedException ? "a silo that it asked has gone" : e.Message;

    /// <summary>Whether the same may do better later, here or elsewhere.</summary>
    internal static bool IsExpected(Exception e) =>
        IsLoss(e) || e is IOException or UnauthorizedAccessException or LakeBusyException or OrleansException || Retries.IsPassing(e);
}
