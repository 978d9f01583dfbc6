using OrleansLake.Core.Messages;
using OrleansLake.Storage;

namespace OrleansLake.Engine;

/// <summary>A rejected record that is still not a message.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">What is wrong and what would be right, for a person.</param>
public sealed record MendFailure(QuarantineId Id, RejectionReason Reason, string Detail);
