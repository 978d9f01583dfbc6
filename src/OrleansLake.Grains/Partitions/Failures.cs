using OrleansLake.Storage;

namespace OrleansLake.Grains;

/// <summary>What may go wrong where partitions are owned.</summary>
internal static class Failures
{
    /// <summary>Whether the partition has another owner now, or lost its log: this one can do nothing more.</summary>
    internal static bool IsLoss(Exception e) => e is OwnershipLostException or LogClosedException or ObjectDisposedException;

    /// <summary>Whether the same may do better later, here or elsewhere.</summary>
    internal static bool IsExpected(Exception e) =>
        IsLoss(e) || e is IOException or UnauthorizedAccessException or LakeBusyException or OrleansException || Retries.IsPassing(e);
}
