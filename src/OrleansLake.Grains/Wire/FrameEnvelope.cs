using OrleansLake.Storage;

namespace OrleansLake.Grains;

/// <summary>A frame on its way to its partition: within a silo the object itself, between silos its bytes.</summary>
/// <param name="content">The frame; to be left alone.</param>
[Immutable]
public sealed class FrameEnvelope(FrameContent content)
{
    /// <summary>Gets the content.</summary>
    public FrameContent Content { get; } = content;
}
