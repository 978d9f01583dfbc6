using OrleansLake.Storage;
using OrleansLake.Storage.Log;

namespace OrleansLake.Grains.Partitions;

/// <summary>Classifies the failures of owned partitions.</summary>
internal static class Failures
{
    /// <summary>Returns whether the partition has another owner now, or lost its log or the whole lake: this one can do nothing more.</summary>
    internal static bool IsLoss(Exception e) => e is OwnershipLostException or LakeNotFoundException or LogClosedException or ObjectDisposedException;

    /// <summary>Returns the reason why something is tried again, as text: what Orleans says of a silo that went names messages that
    /// nobody knows.</summary>
    internal static string ReasonOf(Exception e) =>
        e is SiloUnavailableException or OrleansMessageRejectionException or Orleans.Runtime.Messaging.ConnectionFailedException ? "a silo that it asked has gone" : e.Message;

    /// <summary>Returns whether the failure is transient: whether the same may succeed later, here or elsewhere.</summary>
    internal static bool IsExpected(Exception e) =>
        IsLoss(e) || e is IOException or UnauthorizedAccessException or LakeBusyException or OrleansException || Retries.IsTransient(e);
}
