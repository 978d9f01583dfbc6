using System.Globalization;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace OrleansLake.Grains;

/// <summary>
/// The lake's streams: one for each partition, of <see cref="BronzeFrame"/>s, in the order of its log. The sequence
/// token is the frame's number. A grain with an integer key that subscribes implicitly to <see cref="Namespace"/> gets
/// the partition of its key.
/// </summary>
public static class LakeStreams
{
    /// <summary>The provider's name.</summary>
    public const string ProviderName = "lake";

    /// <summary>The namespace of the partitions' streams.</summary>
    public const string Namespace = "lake-bronze";

    /// <summary>A partition's stream.</summary>
    public static StreamId StreamOf(int partition) => StreamId.Create(Namespace, partition);

    /// <summary>A frame's token.</summary>
    public static StreamSequenceToken TokenOf(long sequence) => new EventSequenceTokenV2(sequence);

    internal static QueueId QueueOf(int partition) => QueueId.GetQueueId(ProviderName, (uint)partition, (uint)partition * 0x9E3779B9);

    internal static int PartitionOf(StreamId stream) => int.Parse(stream.Key.Span, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
