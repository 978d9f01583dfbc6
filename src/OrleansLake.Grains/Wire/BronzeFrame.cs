using OrleansLake.Storage;
using OrleansLake.Storage.Log;

namespace OrleansLake.Grains;

/// <summary>A durable frame of a partition's log: an event of the lake's streams.</summary>
/// <param name="sequence">Its number in the log: the stream's sequence token.</param>
/// <param name="firstOffset">The offset of its first message.</param>
/// <param name="content">What it holds; to be left alone.</param>
[Immutable]
public sealed class BronzeFrame(long sequence, long firstOffset, FrameContent content)
{
    /// <summary>Gets its number in the log, dense from 0: the stream's sequence token.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>Gets the offset of its first message.</summary>
    public long FirstOffset { get; } = firstOffset;

    /// <summary>Gets the content.</summary>
    public FrameContent Content { get; } = content;

    internal static BronzeFrame Of(LogFrame frame) => new(frame.Start.Sequence, frame.Start.Offset, new FrameContent
    {
        Rows = frame.Rows,
        SourceProgress = frame.SourceProgress,
        RejectedSource = frame.RejectedSource,
        Rejections = frame.Rejections,
        WrittenAt = frame.WrittenAt,
    });

    /// <summary>Returns the frame as it is in the log. Which owner wrote it is irrelevant to those who apply it.</summary>
    internal LogFrame ToLogFrame() => new()
    {
        Epoch = default,
        Segment = 0,
        Start = new LogPosition(Sequence, FirstOffset),
        RowCount = Content.RowCount,
        DurableThen = default,
        Rows = Content.Rows,
        SourceProgress = Content.SourceProgress,
        RejectedSource = Content.RejectedSource,
        Rejections = Content.Rejections,
        WrittenAt = Content.WrittenAt,
    };
}
