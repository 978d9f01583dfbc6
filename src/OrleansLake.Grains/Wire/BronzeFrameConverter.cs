using OrleansLake.Storage.Log;

namespace OrleansLake.Grains.Wire;

/// <summary>Takes frames of the log over the wire.</summary>
[RegisterConverter]
internal sealed class BronzeFrameConverter : IConverter<BronzeFrame, BronzeFrameSurrogate>
{
    /// <inheritdoc/>
    public BronzeFrame ConvertFromSurrogate(in BronzeFrameSurrogate surrogate) =>
        new(surrogate.Sequence, surrogate.FirstOffset, FrameBytes.Decode(surrogate.Content));

    /// <inheritdoc/>
    public BronzeFrameSurrogate ConvertToSurrogate(in BronzeFrame value) =>
        new() { Sequence = value.Sequence, FirstOffset = value.FirstOffset, Content = FrameBytes.Encode(value.Content) };
}
