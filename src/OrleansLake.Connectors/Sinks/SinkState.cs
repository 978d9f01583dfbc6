namespace OrleansLake.Connectors.Sinks;

/// <summary>The state of a sink in grain storage.</summary>
/// <remarks>
/// No initializer gives a value that is not its type's default: storage as JSON leaves defaults out, and what was one would come back as the
/// initializer has it. Without <c>GenerateSerializer</c> it could be written, and no later activation could read it.
/// </remarks>
[GenerateSerializer, Alias("OrleansLake.SinkState")]
internal sealed class SinkState
{
    /// <summary>Gets or sets how far it is; null before the first activation.</summary>
    [Id(0)]
    public SinkStatus? Status { get; set; }
}
