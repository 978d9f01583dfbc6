using OrleansLake.Client;

namespace OrleansLake.Connectors.Sources;

/// <summary>The progress of a partition on the silo that reads it.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.PartitionReport")]
internal sealed record PartitionReport
{
    /// <summary>Gets the silo.</summary>
    [Id(0)]
    public string Silo { get; init; } = "";

    /// <summary>Gets a value indicating whether it is read by now.</summary>
    [Id(1)]
    public bool IsRead { get; init; }

    /// <summary>Gets a value indicating whether it is about to be read by another silo.</summary>
    [Id(2)]
    public bool IsMoving { get; init; }

    /// <summary>Gets the offset behind what the lake has.</summary>
    [Id(3)]
    public long Position { get; init; }

    /// <summary>Gets the offset at which it ends.</summary>
    [Id(4)]
    public long End { get; init; }

    /// <summary>Gets the age of the newest record that the lake has, where it does not have all.</summary>
    [Id(5)]
    public TimeSpan LagTime { get; init; }

    /// <summary>Gets the reason why it is not read any further; null if it is.</summary>
    [Id(6)]
    public string? Stopped { get; init; }

    /// <summary>Gets what keeps the source from being read on that silo; null if nothing does.</summary>
    [Id(7)]
    public string? Trouble { get; init; }

    internal SourcePartitionStatus ToStatus(SourcePlaceId place) => new(place.Name, place.Number, Position, End, LagTime, Stopped);
}
