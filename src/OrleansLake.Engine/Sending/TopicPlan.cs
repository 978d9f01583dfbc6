using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Engine.Mappings;
using OrleansLake.Engine.Partitions;

namespace OrleansLake.Engine.Sending;

/// <summary>
/// The frames of a batch of a topic's partition that each of the lake's partitions is still to store, or why it is refused. Rows and the offset
/// behind them are one frame, so that a partition knows which records it has, whatever was cut off in the middle. Every host stores by it.
/// </summary>
/// <remarks>
/// A batch's rows belong to several of the lake's partitions, which store them each by itself. A batch that reached some of them and not others
/// is planned again by what each of them says that it has: what is missing is stored, and nothing else.
/// </remarks>
internal sealed class TopicPlan
{
    private TopicPlan(List<FrameContent>[] frames) => Frames = frames;

    /// <summary>Gets the answer, if it is not to be stored.</summary>
    internal SendOutcome? Refusal { get; private init; }

    /// <summary>Gets, by partition, the frames that are to be stored.</summary>
    internal List<FrameContent>[] Frames { get; }

    /// <summary>Gets the number of its messages.</summary>
    internal long Accepted { get; private init; }

    /// <summary>Gets its records that are not messages.</summary>
    internal IReadOnlyList<Rejection> Rejections { get; private init; } = [];

    /// <summary>Gets a value indicating whether it went through a mapping.</summary>
    internal bool IsMapped { get; private init; }

    /// <summary>Gets the values of fields that no column takes, by the fields' names; null if there are none.</summary>
    internal IReadOnlyDictionary<string, long>? LeftOut { get; private init; }

    internal static TopicPlan Refused(SendOutcome refusal) => new([]) { Refusal = refusal };

    /// <summary>Plans a batch that was read.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="pieces">Its records, cut where a partition's progress ends.</param>
    /// <param name="isMapped">Whether they went through a mapping.</param>
    /// <param name="before">By partition, what it has of the topic's partition; null: nothing.</param>
    /// <param name="stored">The offset before which all is known to be stored; frames may say more.</param>
    internal static TopicPlan Of(TopicBatch batch, List<TopicPiece> pieces, bool isMapped, IReadOnlyList<SourceProgress.TopicProgress?> before, long stored)
    {
        long complete = Math.Max(stored, before.Max(static progress => progress?.CompleteOffset ?? 0));
        List<FrameContent>[] frames = [.. before.Select(static _ => new List<FrameContent>())];
        Dictionary<string, long>? leftOut = null;
        foreach (TopicPiece piece in pieces)
        {
            Divide(piece, batch, complete, before, frames);
            LeftOutFields.Add(ref leftOut, piece.LeftOut);
        }

        if (batch.Records.Count == 0)
        {
            int home = FramePartitioner.HomeOf(batch.Topic, frames.Length);
            long next = Math.Max(before[home]?.NextOffset ?? 0, batch.NextOffset);
            frames[home].Add(new FrameContent { SourceProgress = new SourceProgress.TopicProgress(batch.Topic, batch.Partition, next, batch.NextOffset) });
        }

        return new TopicPlan(frames)
        {
            Accepted = pieces.Sum(static piece => (long)piece.Batch.Count),
            Rejections = [.. pieces.SelectMany(static piece => piece.Rejections)],
            IsMapped = isMapped,
            LeftOut = leftOut,
        };
    }

    private static void Divide(TopicPiece piece, TopicBatch batch, long complete, IReadOnlyList<SourceProgress.TopicProgress?> before, List<FrameContent>[] frames)
    {
        FramePart[] parts = FramePartitioner.Divide(piece.Batch, piece.Rejections, frames.Length);
        for (int i = 0; i < parts.Length; i++)
        {
            if (!parts[i].IsEmpty && !(before[i]?.NextOffset > piece.LastOffset))
            {
                frames[i].Add(new FrameContent
                {
                    Rows = parts[i].Rows,
                    SourceProgress = new SourceProgress.TopicProgress(batch.Topic, batch.Partition, piece.EndOffset, complete),
                    RejectedSource = batch.Name,
                    Rejections = LakeMappings.Named(parts[i].Rejections, batch.Mapping),
                });
            }
        }
    }
}
