namespace OrleansLake.Connectors.Sinks;

/// <summary>A silo has no sink of a name in its settings, and is asked to write it.</summary>
[GenerateSerializer, Alias("OrleansLake.SinkNotHereException")]
internal sealed class SinkNotHereException(string message) : Exception(message)
{
    internal static SinkNotHereException Of(string name, string silo) =>
        new($"the silo {silo} has no sink {name} in its settings: give all silos of a cluster the same sinks");
}
