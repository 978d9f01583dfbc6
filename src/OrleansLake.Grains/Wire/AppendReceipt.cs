namespace OrleansLake.Grains.Wire;

/// <summary>The receipt of an append.</summary>
/// <param name="FirstOffset">The first message's offset.</param>
/// <param name="EndOffset">The offset after the last message's: reads there or later show all of them.</param>
/// <param name="Outcome">Whether this call stored it.</param>
/// <param name="Generation">The lake's generation.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.AppendReceipt")]
internal sealed record AppendReceipt(
    [property: Id(0)] long FirstOffset, [property: Id(1)] long EndOffset, [property: Id(2)] AppendOutcome Outcome,
    [property: Id(3)] long Generation);
