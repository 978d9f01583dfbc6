using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Engine.Input;

namespace OrleansLake.Engine.Sending;

/// <summary>
/// A body in pieces, each for a frame: lines of JSON, one JSON array (a body that begins with <c>[</c> and in which
/// nothing follows the closing bracket), or JSON texts one after the other.
/// </summary>
internal static class SentBody
{
    /// <param name="body">The body.</param>
    /// <param name="cuts">Places between two records at which a piece must end, in their order: where earlier sendings ended.</param>
    /// <param name="pieceBytes">What a piece holds at most, unless a single record is larger.</param>
    /// <param name="rules">The rules by which its records are read.</param>
    /// <param name="work">Parses pieces side by side.</param>
    /// <param name="isJsonText">Whether a text of the body may span several lines, or several share one.</param>
    internal static List<SentPiece> Parse(ReadOnlyMemory<byte> body, int[] cuts, int pieceBytes, RecordRules rules, ParallelWork work, bool isJsonText = false)
    {
        var elements = new List<Range>();
        if (JsonArrayText.TryCut(body.Span, elements))
        {
            return ParseElements(body, elements, cuts, pieceBytes, rules, work);
        }

        // Where each line is a message, the lines are the texts: nothing else is to be looked for.
        List<SentPiece> lines = ParseLines(body, cuts, pieceBytes, rules, work);
        elements.Clear();
        return isJsonText && lines.Exists(static piece => piece.Rejections.Count > 0) && JsonTextSequence.TryCut(body.Span, elements)
            ? ParseElements(body, elements, cuts, pieceBytes, rules, work) : lines;
    }

    /// <summary>Returns a body that is not read: one record, rejected as a whole.</summary>
    internal static List<SentPiece> Refuse(ReadOnlyMemory<byte> body, Refusal refusal)
    {
        var piece = new SentPiece { Start = 0, End = body.Length, FirstRecord = 1, EndRecord = 2 };
        piece.Rejections.Add(new Rejection(refusal.Reason, refusal.Detail, 1, 0, body.ToArray()));
        return [piece];
    }

    private static List<SentPiece> ParseLines(ReadOnlyMemory<byte> body, int[] cuts, int pieceBytes, RecordRules rules, ParallelWork work)
    {
        var pieces = new List<SentPiece>();
        for (int start = 0; start < body.Length;)
        {
            int cut = Array.FindIndex(cuts, place => place > start);
            int end = EndOfLines(body.Span, start, cut < 0 ? body.Length : cuts[cut], pieceBytes);
            pieces.Add(new SentPiece { Start = start, End = end });
            start = end;
        }

        long record = 1;
        foreach (SentPiece piece in pieces)
        {
            piece.FirstRecord = record;
            if (pieces.Count > 1)
            {
                ReadOnlySpan<byte> text = body.Span[piece.Start..piece.End];
                record += text.Count((byte)'\n') + (text[^1] == '\n' ? 0 : 1);
            }
        }

        work.For(pieces.Count, i =>
        {
            SentPiece piece = pieces[i];
            NdjsonParser parser = rules.NewJsonParser();
            ParseResult parsed = parser.Parse(
                body.Span[piece.Start..piece.End], piece.FirstRecord, piece.Start, piece.Batch, piece.Rejections);
            piece.EndRecord = piece.FirstRecord + parsed.Records;
            piece.LeftOut = parser.TakeLeftOut();
            piece.Columns = parser.Columns;
        });
        return pieces;
    }

    private static int EndOfLines(ReadOnlySpan<byte> body, int start, int limit, int pieceBytes)
    {
        if (limit - start <= pieceBytes)
        {
            return limit;
        }

        int end = body.Slice(start, pieceBytes).LastIndexOf((byte)'\n');
        if (end >= 0)
        {
            return start + end + 1;
        }

        end = body[(start + pieceBytes)..limit].IndexOf((byte)'\n');
        return end < 0 ? limit : start + pieceBytes + end + 1;
    }

    private static List<SentPiece> ParseElements(
        ReadOnlyMemory<byte> body, List<Range> elements, int[] cuts, int pieceBytes, RecordRules rules, ParallelWork work)
    {
        var pieces = new List<SentPiece>();
        for (int first = 0; first < elements.Count;)
        {
            int start = pieces.Count == 0 ? 0 : elements[first].Start.Value;
            int next = first + 1;
            while (next < elements.Count && !cuts.Contains(elements[next].Start.Value) && elements[next].End.Value - start <= pieceBytes)
            {
                next++;
            }

            int end = next < elements.Count ? elements[next].Start.Value : body.Length;
            pieces.Add(new SentPiece { Start = start, End = end, FirstRecord = first + 1, EndRecord = next + 1 });
            first = next;
        }

        work.For(pieces.Count, i =>
        {
            SentPiece piece = pieces[i];
            NdjsonParser parser = rules.NewJsonParser();
            for (long record = piece.FirstRecord; record < piece.EndRecord; record++)
            {
                Range element = elements[(int)record - 1];
                parser.ParseRecord(body.Span[element], record, element.Start.Value, piece.Batch, piece.Rejections);
            }

            piece.LeftOut = parser.TakeLeftOut();
            piece.Columns = parser.Columns;
        });
        return pieces;
    }
}
