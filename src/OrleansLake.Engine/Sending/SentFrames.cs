using OrleansLake.Storage;

namespace OrleansLake.Engine.Sending;

/// <summary>
/// The frames that a body's pieces become in each partition, without what was stored of them before. Under a key its home has
/// one, whatever it holds, so that another body is known there; and of each partition the last one completes the key.
/// </summary>
internal sealed class SentFrames
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly SendOptions _options;
    private readonly BatchEntry?[] _before;

    internal SentFrames(ReadOnlyMemory<byte> body, List<SentPiece> pieces, SendOptions options, BatchEntry?[] before, int partitions)
    {
        _body = body;
        _options = options;
        _before = before;
        Frames = new List<FrameContent>[partitions];
        for (int i = 0; i < partitions; i++)
        {
            Frames[i] = [];
        }

        if (pieces.Count == 0)
        {
            pieces.Add(new SentPiece { Start = 0, End = 0, FirstRecord = 1, EndRecord = 1 });
        }

        Divide(pieces);
    }

    /// <summary>Gets the frames by partition; none if it has nothing to store.</summary>
    internal List<FrameContent>[] Frames { get; }

    private void Divide(List<SentPiece> pieces)
    {
        int home = _options.Key is { } key ? DividedFrames.HomeOf(key.Key.Name, Frames.Length) : 0;
        long[] accepted = [.. _before.Select(static entry => entry?.Batch.Accepted ?? 0)];
        long[] rejected = [.. _before.Select(static entry => entry?.Batch.Rejected ?? 0)];
        uint crc = 0;
        foreach (SentPiece piece in pieces)
        {
            crc = _options.Key is null ? 0 : Crc32C.Append(crc, _body.Span[piece.Start..piece.End]);
            bool isLast = piece == pieces[^1];
            FramePart[] parts = DividedFrames.Divide(piece.Batch, piece.Rejections, Frames.Length);
            for (int i = 0; i < parts.Length; i++)
            {
                bool isStored = _before[i] is { } before && (before.Batch.Completed || piece.Start < before.Batch.EndPosition);
                bool isWanted = Frames.Length == 1 || !parts[i].IsEmpty || (isLast && (_options.Key is null ? i == 0 && IsNothing(parts) : i == home || _before[i] is not null || Frames[i].Count > 0));
                if (isStored || !isWanted)
                {
                    continue;
                }

                accepted[i] += parts[i].RowCount;
                rejected[i] += parts[i].Rejections.Count;
                Frames[i].Add(new FrameContent
                {
                    Rows = parts[i].Rows,
                    Consumed = _options.Key is { } sent
                        ? new Consumed.ProducerBatch(sent.Key, crc, piece.End, piece.EndRecord, accepted[i], rejected[i], piece.End == _body.Length) : Consumed.Nothing,
                    RejectedSource = _options.Source,
                    Rejections = parts[i].Rejections,
                });
            }
        }
    }

    // An empty body is acknowledged as any other, by a frame.
    private bool IsNothing(FramePart[] parts) => Array.TrueForAll(parts, static part => part.IsEmpty) && Array.TrueForAll(Frames, static frames => frames.Count == 0);
}
