using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Parsing;

/// <summary>A fault of one field of a message.</summary>
/// <param name="Reason">The reason's code.</param>
/// <param name="Detail">The fault and what would be right, for people.</param>
public readonly record struct FieldFault(RejectionReason Reason, string Detail)
{
    /// <summary>Gets the detail where the whole file is refused for it: then nothing of it is in quarantine.</summary>
    public string DetailOfFile => Detail.IndexOf(TimestampLook.Replaying, StringComparison.Ordinal) is >= 0 and var end ? Detail[..end] : Detail;
}
