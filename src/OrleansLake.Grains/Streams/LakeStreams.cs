using System.Globalization;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace OrleansLake.Grains;

/// <summary>
/// The lake's streams: one for each partition, of <see cref="BronzeFrame"/>s, in the order of its log. The sequence
/// token is the frame's number. A grain with an integer key that subscribes implicitly to <see cref="Namespace"/> gets
/// the partition of its key. As Orleans defines it, a subscriber gives the token of the last frame that it has, and gets those
/// after it; to go back it subscribes in another activation.
/// </summary>
public static class LakeStreams
{
    /// <summary>The provider's name.</summary>
    public const string ProviderName = "lake";

    /// <summary>The namespace of the partitions' streams.</summary>
    public const string Namespace = "lake-bronze";

    /// <summary>Returns a partition's stream.</summary>
    public static StreamId StreamOf(int partition) => StreamId.Create(Namespace, partition);

    /// <summary>Gets the token of one who has no frame yet: it gets the log from its start, or from the newest commit if that is later.</summary>
    public static StreamSequenceToken BeforeFirst => TokenOf(-1);

    /// <summary>Returns a frame's token.</summary>
    public static StreamSequenceToken TokenOf(long sequence) => new EventSequenceTokenV2(sequence);

    internal static QueueId QueueOf(int partition) => QueueId.GetQueueId(ProviderName, (uint)partition, (uint)partition * 0x9E3779B9);

    internal static int PartitionOf(StreamId stream) => int.Parse(stream.Key.Span, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
