namespace OrleansLake.Connectors.Sinks;

/// <summary>The way to the grains of sinks.</summary>
internal static class SinkGrains
{
    /// <summary>Returns the grain that writes a sink.</summary>
    internal static ISinkGrain GetSink(this IGrainFactory grains, string name) => grains.GetGrain<ISinkGrain>(name);
}
