using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Engine.Partitions;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Engine.Sending;

/// <summary>
/// The outcome that a body is to have: refused, or frames in each partition, without what was stored of them before. Under a key its home
/// has one, whatever it holds, so that another body is known there; and of each partition the last one completes the key.
/// </summary>
internal sealed record SendPlan
{
    private SendPlan(SendOutcome refusal) => Refusal = refusal;

    internal SendPlan(ReadOnlyMemory<byte> body, List<SentPiece> pieces, SendOptions options, BatchEntry?[] before)
    {
        Frames = [.. before.Select(static _ => new List<FrameContent>())];
        if (pieces.Count == 0)
        {
            pieces.Add(new SentPiece { Start = 0, End = body.Length, FirstRecord = 1, EndRecord = 1 });
        }

        Dictionary<string, long>? leftOut = null;
        foreach (SentPiece piece in pieces)
        {
            Rejections.AddRange(piece.Rejections);
            Accepted += piece.Batch.Count;
            LeftOutFields.Add(ref leftOut, piece.LeftOut);
        }

        LeftOut = leftOut;
        Columns = pieces.Aggregate(KnownColumns.None, static (all, piece) => all | piece.Columns);
        Divide(body, pieces, options, before);
    }

    /// <summary>Gets the answer, if nothing of it is to be stored.</summary>
    internal SendOutcome? Refusal { get; init; }

    /// <summary>Gets the frames by partition; none if it has nothing to store.</summary>
    internal List<FrameContent>[] Frames { get; } = [];

    /// <summary>Gets the records that are not messages.</summary>
    internal List<Rejection> Rejections { get; } = [];

    /// <summary>Gets the number of its messages, those that were stored before included.</summary>
    internal long Accepted { get; private set; }

    /// <summary>Gets the values of fields that no column takes, by the fields' names; null if there are none.</summary>
    internal IReadOnlyDictionary<string, long>? LeftOut { get; }

    /// <summary>Gets the columns that some record of it named, null or not.</summary>
    internal KnownColumns Columns { get; }

    /// <summary>Gets the columns that none of its messages has a value for by the mapping that it went through, each with its paths; null if there is none, or no mapping.</summary>
    internal string? MissingColumns { get; init; }

    /// <summary>Gets a value indicating whether its records went through a mapping.</summary>
    internal bool IsMapped { get; init; }

    /// <summary>Gets a value indicating whether all of it was stored before.</summary>
    internal bool IsRepeat => Array.TrueForAll(Frames, static frames => frames.Count == 0);

    internal static SendPlan Refused(SendOutcome refusal) => new(refusal);

    private void Divide(ReadOnlyMemory<byte> body, List<SentPiece> pieces, SendOptions options, BatchEntry?[] before)
    {
        int home = options.Key is { } key ? FramePartitioner.HomeOf(key.Key.Name, Frames.Length) : 0;
        BatchProgress? progress = options.Key is { } sent ? new BatchProgress(sent.Key, before) : null;
        uint crc = 0;
        foreach (SentPiece piece in pieces)
        {
            crc = options.Key is null ? 0 : Crc32C.Append(crc, body.Span[piece.Start..piece.End]);
            bool isLast = piece == pieces[^1];
            FramePart[] parts = FramePartitioner.Divide(piece.Batch, piece.Rejections, Frames.Length);
            for (int i = 0; i < parts.Length; i++)
            {
                bool isStored = before[i] is { } entry && (entry.Batch.Completed || piece.Start < entry.Batch.EndPosition);
                bool isWanted = Frames.Length == 1 || !parts[i].IsEmpty || (isLast && (options.Key is null ? i == 0 && IsNothing(parts) : i == home || before[i] is not null || Frames[i].Count > 0));
                if (isStored || !isWanted)
                {
                    continue;
                }

                Frames[i].Add(new FrameContent
                {
                    Rows = parts[i].Rows,
                    SourceProgress = progress?.Next(i, parts[i], crc, piece.End, piece.EndRecord, piece.End == body.Length) ?? SourceProgress.Nothing,
                    RejectedSource = options.Source,
                    Rejections = Engine.Mappings.LakeMappings.Named(parts[i].Rejections, options.Mapping),
                });
            }
        }
    }

    // An empty body is acknowledged as any other, by a frame.
    private bool IsNothing(FramePart[] parts) => Array.TrueForAll(parts, static part => part.IsEmpty) && IsRepeat;
}
