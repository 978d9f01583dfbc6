using OrleansLake.Core.Messages;

namespace OrleansLake.Engine;

/// <summary>A rejected record that is still not a message.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Detail">The fault and what would be right, for people.</param>
public sealed record QuarantineReplayFailure(QuarantineId Id, RejectionReason Reason, string Detail);
