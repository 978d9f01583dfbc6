namespace OrleansLake.Grains.Wire;

/// <summary>A <see cref="FrameEnvelope"/> between silos.</summary>
[GenerateSerializer, Alias("OrleansLake.FrameEnvelope")]
internal record struct FrameEnvelopeSurrogate
{
    /// <summary>Gets or sets the frame's bytes.</summary>
    [Id(0)]
    public byte[] Content { get; set; }

    /// <summary>Gets or sets the end of the batch's frame before it.</summary>
    [Id(1)]
    public long After { get; set; }
}
