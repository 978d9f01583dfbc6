namespace OrleansLake.Core.Messages;

/// <summary>The reason why a whole input is not read for messages: what there is of it goes to quarantine as one record.</summary>
/// <param name="Reason">The reason's code.</param>
/// <param name="Detail">The fault and what would be right, for people.</param>
public sealed record Refusal(RejectionReason Reason, string Detail);
