using OrleansLake.Core.Messages;

namespace OrleansLake.Grains.Wire;

/// <summary>A record that is not a message.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Reason">The reason, for programs.</param>
/// <param name="Detail">The reason, for people.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.RejectedRecord")]
internal sealed record RejectedRecord([property: Id(0)] long Line, [property: Id(1)] RejectionReason Reason, [property: Id(2)] string Detail);
