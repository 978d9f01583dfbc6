using OrleansLake.Engine.Live;

namespace OrleansLake.Grains.Wire;

/// <summary>All copies of a message that are in the lake.</summary>
/// <param name="Position">The position that it is true as of.</param>
/// <param name="Copies">The copies, in the order in which they came.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.MessageHistory")]
internal sealed record MessageHistoryResponse([property: Id(0)] LakeOffsets Position, [property: Id(1)] IReadOnlyList<MessageCopyDto> Copies)
{
    internal static MessageHistoryResponse Of(MessageHistory history) =>
        new(new LakeOffsets(history.At.Generation, [history.At.Offset]), [.. history.Copies.Select(MessageCopyDto.Of)]);
}
