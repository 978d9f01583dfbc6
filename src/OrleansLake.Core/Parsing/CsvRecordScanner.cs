namespace OrleansLake.Core.Parsing;

/// <summary>
/// Finds where CSV records end, in a stream that comes in pieces: a line feed ends a record unless it stands within
/// quotation marks (RFC 4180, section 2). Every byte of the stream is shown to it once, in order.
/// </summary>
/// <remarks>Its value is its place in the grammar, so a copy goes on from where the original was.</remarks>
public struct CsvRecordScanner
{
    private State _state;

    private enum State : byte
    {
        FieldStart,
        Plain,
        Quoted,
        QuoteInQuoted,
    }

    /// <summary>Whether the next byte stands within quotation marks.</summary>
    public readonly bool IsQuoted => _state == State.Quoted;

    /// <summary>Takes the next byte for a record's first: to go on after a record that was given up.</summary>
    public void Reset() => _state = State.FieldStart;

    /// <summary>Reads the stream's next piece.</summary>
    /// <returns>The piece's length up to the end of the last record that ends in it; 0 if none does.</returns>
    public int LastRecordEnd(ReadOnlySpan<byte> piece)
    {
        int start = 0;
        int last = 0;
        while (start < piece.Length)
        {
            int end = NextRecordEnd(piece[start..]);
            if (end == 0)
            {
                break;
            }

            start += end;
            last = start;
        }

        return last;
    }

    /// <summary>Reads up to the first end of a record.</summary>
    /// <returns>The record's length, its end included; 0 if it does not end in the piece.</returns>
    public int NextRecordEnd(ReadOnlySpan<byte> piece)
    {
        State state = _state;
        for (int i = 0; i < piece.Length; i++)
        {
            byte c = piece[i];
            if (state == State.Quoted)
            {
                int quote = piece[i..].IndexOf((byte)'"');
                if (quote < 0)
                {
                    break;
                }

                i += quote;
                state = State.QuoteInQuoted;
            }
            else if (c == '\n')
            {
                _state = State.FieldStart;
                return i + 1;
            }
            else if (c == ',')
            {
                state = State.FieldStart;
            }
            else if (c == '"')
            {
                // A quotation mark opens a field only as its first byte, and doubled it is one of the text's.
                state = state == State.Plain ? State.Plain : State.Quoted;
            }
            else
            {
                state = State.Plain;
            }
        }

        _state = state;
        return 0;
    }
}
