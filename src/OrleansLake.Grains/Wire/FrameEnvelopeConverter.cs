using OrleansLake.Storage.Log;

namespace OrleansLake.Grains.Wire;

/// <summary>Takes frames over the wire.</summary>
[RegisterConverter]
internal sealed class FrameEnvelopeConverter : IConverter<FrameEnvelope, FrameEnvelopeSurrogate>
{
    /// <inheritdoc/>
    public FrameEnvelope ConvertFromSurrogate(in FrameEnvelopeSurrogate surrogate) => new(FrameBytes.Decode(surrogate.Content), surrogate.After);

    /// <inheritdoc/>
    public FrameEnvelopeSurrogate ConvertToSurrogate(in FrameEnvelope value) => new() { Content = FrameBytes.Encode(value.Content), After = value.After };
}
