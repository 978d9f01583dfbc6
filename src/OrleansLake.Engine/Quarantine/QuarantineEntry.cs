using OrleansLake.Core.Messages;

namespace OrleansLake.Engine;

/// <summary>A record that was rejected.</summary>
/// <param name="Source">Its source.</param>
/// <param name="Rejection">What it is, and why it was rejected.</param>
public sealed record QuarantineEntry(string Source, Rejection Rejection)
{
    /// <summary>Gets its identity, for good.</summary>
    public QuarantineId Id { get; init; }

    /// <summary>Gets the time when it was rejected; null if that was not recorded.</summary>
    public DateTimeOffset? RejectedAt { get; init; }

    /// <summary>Returns the time at which it was received, in microseconds since 1970: when it was rejected, or now if nobody knows.</summary>
    internal long ReceivedAt(TimeProvider clock) => ((RejectedAt ?? clock.GetUtcNow()) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Gets its state: open, replayed or dismissed.</summary>
    public QuarantineSettlement Settlement { get; init; }
}
