namespace OrleansLake.Engine.Live;

/// <summary>What a live read is true as of.</summary>
/// <param name="Generation">The lake's generation.</param>
/// <param name="Offset">Every message below it is in, none above.</param>
/// <param name="Time">When that was.</param>
public readonly record struct LiveMoment(long Generation, long Offset, DateTimeOffset Time);
