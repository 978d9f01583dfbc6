namespace OrleansLake.Grains;

/// <summary>The receipt of a send.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.SendReceipt")]
public sealed record SendReceipt
{
    /// <summary>Messages that this call stored.</summary>
    [Id(0)]
    public required long Accepted { get; init; }

    /// <summary>Messages that an earlier call under the same key had stored.</summary>
    [Id(1)]
    public required long Duplicates { get; init; }

    /// <summary>Records that were not messages; all of them, though only the first are listed.</summary>
    [Id(2)]
    public required long Rejected { get; init; }

    /// <summary>The first of the records that were not messages.</summary>
    [Id(3)]
    public required IReadOnlyList<RejectedRecord> Errors { get; init; }

    /// <summary>Gets what became of it.</summary>
    [Id(4)]
    public SendOutcome Outcome { get; init; }

    /// <summary>By partition: reads there or later show the messages. 0 where nothing was stored.</summary>
    [Id(5)]
    public required long[] EndOffsets { get; init; }

    /// <summary>The lake's generation; 0 where nothing was stored.</summary>
    [Id(6)]
    public long Generation { get; init; }
}
