namespace OrleansLake.Core.Parsing;

/// <summary>
/// Finds where CSV records end, in a stream that comes in pieces: LF, CR and CRLF each end a record unless they are
/// within quotation marks (RFC 4180, section 2). Every byte of the stream is shown to it once, in order, and no piece
/// but the last ends with a CR: what follows it tells whether the record ends there.
/// </summary>
/// <remarks>Its value is its place in the grammar, so a copy continues from where the original was.</remarks>
public struct CsvRecordScanner
{
    // 0 is the comma, so that a default scanner reads CSV.
    private readonly byte _separator;
    private State _state;

    /// <param name="separator">The separator of fields: a byte below a comma's, or a comma, semicolon or bar.</param>
    public CsvRecordScanner(byte separator) => _separator = separator;

    private enum State : byte
    {
        FieldStart,
        Plain,
        Quoted,
        QuoteInQuoted,
    }

    /// <summary>Takes the next byte for a record's first: to continue after a record that was given up.</summary>
    public void Reset() => _state = State.FieldStart;

    /// <summary>Reads up to the first end of a record.</summary>
    /// <returns>The record's length, its end included; 0 if it does not end in the piece.</returns>
    public int NextRecordEnd(ReadOnlySpan<byte> piece)
    {
        State state = _state;
        byte separator = _separator == 0 ? (byte)',' : _separator;

        // Whatever ends a field or a record, and the quotation mark, is up to here; most text is above it.
        byte special = Math.Max(separator, (byte)'"');
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
            else if (c > special)
            {
                state = State.Plain;
            }
            else if (c == '\n')
            {
                _state = State.FieldStart;
                return i + 1;
            }
            else if (c == '\r')
            {
                _state = State.FieldStart;
                return i + 1 < piece.Length && piece[i + 1] == '\n' ? i + 2 : i + 1;
            }
            else if (c == separator)
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
