namespace OrleansLake.Grains;

/// <summary>A row of report 1: what happened on a date on a channel.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.ChannelDayReadout")]
public sealed record ChannelDayResponse
{
    /// <summary>Gets the position that it is true as of.</summary>
    [Id(0)]
    public required LakeOffsets Position { get; init; }

    /// <summary>Gets the number of times that each event type occurred; those that did not are absent.</summary>
    [Id(1)]
    public required IReadOnlyDictionary<string, long> Counts { get; init; }

    /// <summary>Gets their sum.</summary>
    [Id(2)]
    public required long Total { get; init; }
}
