namespace OrleansLake.Grains;

/// <summary>The receipt of a send.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.SendReceipt")]
public sealed record SendReceipt
{
    /// <summary>Gets the number of messages that this call stored.</summary>
    [Id(0)]
    public required long Accepted { get; init; }

    /// <summary>Gets the number of messages that an earlier call under the same key had stored.</summary>
    [Id(1)]
    public required long Duplicates { get; init; }

    /// <summary>Gets the number of records that were not messages; all of them, though only the first are listed.</summary>
    [Id(2)]
    public required long Rejected { get; init; }

    /// <summary>Gets the first of the records that were not messages.</summary>
    [Id(3)]
    public required IReadOnlyList<RejectedRecord> Errors { get; init; }

    /// <summary>Gets what became of it.</summary>
    [Id(4)]
    public SendOutcome Outcome { get; init; }

    /// <summary>Gets, by partition, the offset at which reads show the messages. 0 where nothing was stored.</summary>
    [Id(5)]
    public required long[] EndOffsets { get; init; }

    /// <summary>Gets the lake's generation; 0 where nothing was stored.</summary>
    [Id(6)]
    public long Generation { get; init; }
}
