namespace OrleansLake.Connectors;

/// <summary>A silo has no sink of a name in its settings, and is asked to write it.</summary>
[GenerateSerializer, Alias("OrleansLake.SinkNotHereException")]
public sealed class SinkNotHereException : Exception
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="message">For people.</param>
    public SinkNotHereException(string message)
        : base(message)
    {
    }

    internal static SinkNotHereException Of(string name, string silo) =>
        new($"the silo {silo} has no sink {name} in its settings: give all silos of a cluster the same sinks");
}
