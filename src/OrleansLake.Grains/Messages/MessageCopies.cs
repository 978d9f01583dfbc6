namespace OrleansLake.Grains;

/// <summary>A message's copies in one frame.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.MessageCopies")]
public sealed record MessageCopies
{
    /// <summary>The epoch of the partition's owner.</summary>
    [Id(0)]
    public required long Epoch { get; init; }

    /// <summary>The frame's number.</summary>
    [Id(1)]
    public required long Frame { get; init; }

    /// <summary>What counted before the frame; null if it is only to be sent to a grain that does not know it.</summary>
    [Id(2)]
    public MessageOccurrenceCell[]? Known { get; init; }

    /// <summary>The copies, in the order of their offsets.</summary>
    [Id(3)]
    public required MessageOccurrenceCell[] Copies { get; init; }
}
