using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Engine.Input;

namespace OrleansLake.Engine.Sending;

/// <summary>The records of a topic's partition that one frame of each of the lake's partitions has its part of.</summary>
internal sealed class TopicPiece
{
    private TopicPiece()
    {
    }

    internal MessageBatch Batch { get; } = new();

    internal List<Rejection> Rejections { get; } = [];

    /// <summary>Gets the values of fields that no column takes, by the fields' names; null if there are none.</summary>
    internal IReadOnlyDictionary<string, long>? LeftOut { get; private set; }

    /// <summary>Gets the offset of its last record.</summary>
    internal long LastOffset { get; private set; }

    /// <summary>Gets the offset at which the next piece begins.</summary>
    internal long EndOffset { get; private set; }

    /// <summary>Reads a batch's records, cut into pieces.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="cuts">Offsets at which a piece must end: up to which some of the lake's partitions have theirs.</param>
    /// <param name="pieceBytes">What a piece holds at most, unless a single record is larger.</param>
    /// <param name="rules">The rules by which they are read.</param>
    internal static List<TopicPiece> Read(TopicBatch batch, IEnumerable<long> cuts, int pieceBytes, RecordRules rules)
    {
        var pieces = new List<TopicPiece>();

        // There are some only where a batch is completed, or sent once more.
        long[] inside = batch.Records.Count == 0 ? [] : [.. cuts.Where(cut => cut > batch.Records[0].Offset && cut < batch.NextOffset)];
        NdjsonParser parser = rules.NewJsonParser();
        long bytes = 0;
        TopicPiece? piece = null;
        for (int i = 0; i < batch.Records.Count; i++)
        {
            TopicRecord record = batch.Records[i];
            piece ??= new TopicPiece();
            piece.Add(record, parser);
            bytes += record.Value.Length;
            bool isLast = i + 1 == batch.Records.Count;
            long next = isLast ? batch.NextOffset : batch.Records[i + 1].Offset;
            if (isLast || bytes + batch.Records[i + 1].Value.Length > pieceBytes || Array.Exists(inside, cut => record.Offset < cut && cut <= next))
            {
                piece.LastOffset = record.Offset;
                piece.EndOffset = next;
                piece.LeftOut = parser.TakeLeftOut();
                pieces.Add(piece);
                piece = null;
                bytes = 0;
            }
        }

        return pieces;
    }

    private void Add(in TopicRecord record, NdjsonParser parser)
    {
        int before = Rejections.Count;
        if (record.Refusal is { } refusal)
        {
            Rejections.Add(new Rejection(refusal.Reason, refusal.Detail, record.Offset, 0, record.Value.ToArray()));
        }
        else
        {
            parser.Keeping?.Origin = new RecordOrigin(record.Offset, parser.Keeping.KeepsAttributes ? record.Attributes?.Invoke(record) : null);
            Parse(record.Value.Span, record.Offset, parser);
        }

        if (record.Key is { } key)
        {
            for (int i = before; i < Rejections.Count; i++)
            {
                Rejections[i] = Rejections[i] with { Detail = $"{Rejections[i].Detail} (the record's key is {ShownText.Quoted(key.Span)})" };
            }
        }
    }

    // Each message of a record has the record's offset for its number.
    private void Parse(ReadOnlySpan<byte> value, long offset, NdjsonParser parser)
    {
        if (!value.TrimEnd("\r\n"u8).Contains((byte)'\n'))
        {
            parser.Parse(value, offset, 0, Batch, Rejections);
            return;
        }

        var texts = new List<Range>();
        if (JsonTextSequence.TryCut(value, texts))
        {
            foreach (Range text in texts)
            {
                parser.ParseRecord(value[text], offset, text.Start.Value, Batch, Rejections);
            }

            return;
        }

        foreach (Range line in value.Split((byte)'\n'))
        {
            parser.Parse(value[line], offset, line.Start.Value, Batch, Rejections);
        }
    }
}
