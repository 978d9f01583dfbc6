namespace OrleansLake.Connectors.Sources;

/// <summary>The ways to the grains of sources.</summary>
internal static class SourceGrains
{
    /// <summary>Returns the grain that has a source read.</summary>
    internal static ISourceGrain GetSource(this IGrainFactory grains, string name) => grains.GetGrain<ISourceGrain>(name);
}
