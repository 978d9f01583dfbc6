using OrleansLake.Core.Messages;
using OrleansLake.Engine;

namespace OrleansLake.Grains.Wire;

/// <summary>A rejected record with its bytes.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.QuarantineRecord")]
internal sealed record QuarantineDto
{
    /// <summary>Gets the source that it came from.</summary>
    [Id(0)]
    public required string Source { get; init; }

    /// <summary>Gets its number there, from 1.</summary>
    [Id(1)]
    public required long Record { get; init; }

    /// <summary>Gets the byte at which it starts there; below 0 where a source has none.</summary>
    [Id(2)]
    public required long Position { get; init; }

    /// <summary>Gets the reason, for programs.</summary>
    [Id(3)]
    public required RejectionReason Reason { get; init; }

    /// <summary>Gets the reason, for people.</summary>
    [Id(4)]
    public required string Detail { get; init; }

    /// <summary>Gets its bytes as they came.</summary>
    [Id(5)]
    public required byte[] Raw { get; init; }

    /// <summary>Gets the time when it was rejected; null if that is not known.</summary>
    [Id(6)]
    public DateTimeOffset? RejectedAt { get; init; }

    /// <summary>Gets the name of the mapping through which it was rejected; null: the lake's default one or none; empty: one that the lake does not keep.</summary>
    [Id(7)]
    public string? Mapping { get; init; }

    internal static QuarantineDto Of(QuarantineEntry entry) => new()
    {
        Source = entry.Source,
        Record = entry.Rejection.Record,
        Position = entry.Rejection.Position,
        Reason = entry.Rejection.Reason,
        Detail = entry.Rejection.Detail,
        Raw = entry.Rejection.Raw,
        RejectedAt = entry.RejectedAt,
        Mapping = entry.Rejection.Mapping,
    };
}
