using OrleansLake.Storage.Log;

namespace OrleansLake.Grains.Wire;

/// <summary>A frame on its way to its partition: within a silo the object itself, between silos its bytes.</summary>
/// <param name="content">The frame; to be left alone.</param>
/// <param name="after">See <see cref="After"/>.</param>
[Immutable]
internal sealed class FrameEnvelope(FrameContent content, long after = 0)
{
    /// <summary>Gets the content.</summary>
    public FrameContent Content { get; } = content;

    /// <summary>
    /// Gets, of a batch in several frames, the end of the one before it in the partition; of a topic's partition the offset behind what the
    /// partition has of it. It is stored only where it continues from there.
    /// </summary>
    public long After { get; } = after;
}
