using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Parsing;

/// <summary>A fault of one field of a message.</summary>
/// <param name="Reason">The reason's code.</param>
/// <param name="Detail">The fault and what would be right, for people.</param>
public readonly record struct FieldFault(RejectionReason Reason, string Detail);
