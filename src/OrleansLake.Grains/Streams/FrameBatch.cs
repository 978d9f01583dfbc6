using Orleans.Streams;

namespace OrleansLake.Grains;

/// <summary>One frame as the streams deliver it: one event.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.FrameBatch")]
internal sealed class FrameBatch(StreamId streamId, BronzeFrame frame) : IBatchContainer
{
    [Id(0)]
    public StreamId StreamId { get; } = streamId;

    [Id(1)]
    public BronzeFrame Frame { get; } = frame;

    public StreamSequenceToken SequenceToken => LakeStreams.TokenOf(Frame.Sequence);

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() =>
        Frame is T frame ? [Tuple.Create(frame, SequenceToken)] : [];

    public bool ImportRequestContext() => false;
}
