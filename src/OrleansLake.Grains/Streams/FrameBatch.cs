using Orleans.Streams;

namespace OrleansLake.Grains.Streams;

/// <summary>One frame as the streams deliver it: one event; or only the place of a frame that a subscriber has already.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.FrameBatch")]
internal sealed class FrameBatch(StreamId streamId, long sequence, BronzeFrame? frame) : IBatchContainer
{
    [Id(0)]
    public StreamId StreamId { get; } = streamId;

    [Id(1)]
    public BronzeFrame? Frame { get; } = frame;

    [Id(2)]
    public long Sequence { get; } = sequence;

    public StreamSequenceToken SequenceToken => LakeStreams.TokenOf(Sequence);

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() =>
        Frame is T frame ? [Tuple.Create(frame, SequenceToken)] : [];

    public bool ImportRequestContext() => false;
}
