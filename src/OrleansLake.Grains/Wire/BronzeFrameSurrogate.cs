namespace OrleansLake.Grains.Wire;

/// <summary>A <see cref="BronzeFrame"/> between silos.</summary>
[GenerateSerializer, Alias("OrleansLake.BronzeFrame")]
internal record struct BronzeFrameSurrogate
{
    /// <summary>Gets or sets its number.</summary>
    [Id(0)]
    public long Sequence { get; set; }

    /// <summary>Gets or sets the offset of its first message.</summary>
    [Id(1)]
    public long FirstOffset { get; set; }

    /// <summary>Gets or sets the frame's bytes.</summary>
    [Id(2)]
    public byte[] Content { get; set; }
}
