using System.Collections.Immutable;

namespace OrleansLake.Engine.Live;

/// <summary>The version that a live read is true as of.</summary>
/// <param name="Generation">The lake's generation.</param>
/// <param name="Offsets">By partition: every message below it is in, none above.</param>
/// <param name="Time">The time of that position.</param>
public readonly record struct LiveVersion(long Generation, ImmutableArray<long> Offsets, DateTimeOffset Time)
{
    /// <summary>Gets the same, in a lake of one partition.</summary>
    public long Offset => Offsets is [{ } only] ? only : throw new InvalidOperationException($"the lake has {Offsets.Length} partitions");
}
