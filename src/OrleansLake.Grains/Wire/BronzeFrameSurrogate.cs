namespace OrleansLake.Grains;

/// <summary>A <see cref="BronzeFrame"/> between silos.</summary>
[GenerateSerializer, Alias("OrleansLake.BronzeFrame")]
public record struct BronzeFrameSurrogate
{
    /// <summary>Its number.</summary>
    [Id(0)]
    public long Sequence { get; set; }

    /// <summary>The offset of its first message.</summary>
    [Id(1)]
    public long FirstOffset { get; set; }

    /// <summary>The frame's bytes.</summary>
    [Id(2)]
    public byte[] Content { get; set; }
}
