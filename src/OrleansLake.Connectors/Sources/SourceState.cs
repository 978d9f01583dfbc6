namespace OrleansLake.Connectors.Sources;

/// <summary>The state of a source in grain storage. How far it is, is in the lake.</summary>
/// <remarks>As of all state: no initializer gives a value that is not its type's default, and it has a serializer. See <c>SinkState</c>.</remarks>
[GenerateSerializer, Alias("OrleansLake.SourceState")]
internal sealed class SourceState
{
    /// <summary>Gets or sets a value indicating whether it is paused.</summary>
    [Id(0)]
    public bool IsPaused { get; set; }

    /// <summary>Gets or sets where partitions begin that the lake does not have yet; null: none was found.</summary>
    [Id(1)]
    public SourceStart[]? Starts { get; set; }
}
