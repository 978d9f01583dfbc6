namespace OrleansLake.Core.Parsing;

/// <summary>
/// Takes a CSV record apart (RFC 4180): fields between commas, or what else separates them, quoted or not. Unquoted
/// and empty is null, quoted and empty is an empty text.
/// </summary>
internal ref struct CsvRecord
{
    private readonly ReadOnlySpan<byte> _record;
    private readonly Span<byte> _scratch;
    private readonly byte _separator;
    private int _at;
    private int _scratchUsed;

    /// <param name="record">A record without its end.</param>
    /// <param name="scratch">As long as the record: text whose quotes are doubled is put together in here.</param>
    /// <param name="separator">The separator of fields.</param>
    public CsvRecord(ReadOnlySpan<byte> record, Span<byte> scratch, byte separator)
    {
        _separator = separator;
        _record = record;
        _scratch = scratch;
    }

    /// <summary>Gets what is wrong with the record, if it is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Takes the next field; false at the record's end, or if it cannot be read.</summary>
    public bool TryNext(out ReadOnlySpan<byte> text, out bool isNull)
    {
        text = default;
        isNull = false;
        if (_at > _record.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = _record[_at..];
        if (!rest.IsEmpty && rest[0] == '"')
        {
            return TryQuoted(rest[1..], out text);
        }

        int length = rest.IndexOfAny(_separator, (byte)'"');
        if (length >= 0 && rest[length] == '"')
        {
            Fault = "a quotation mark is within a field that does not start with one";
            return false;
        }

        text = length < 0 ? rest : rest[..length];
        isNull = text.IsEmpty;
        _at += text.Length + 1;
        return true;
    }

    private bool TryQuoted(ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        int pieces = _scratchUsed;
        int consumed = 1;
        text = default;
        while (true)
        {
            int quote = rest.IndexOf((byte)'"');
            if (quote < 0)
            {
                Fault = "a quotation mark is not closed";
                return false;
            }

            bool isLast = quote + 1 == rest.Length || rest[quote + 1] == _separator;
            if (!isLast && rest[quote + 1] != '"')
            {
                Fault = "there is text after a field's closing quotation mark";
                return false;
            }

            consumed += quote + 2;
            if (isLast)
            {
                if (_scratchUsed == pieces)
                {
                    text = rest[..quote];
                }
                else
                {
                    Keep(rest[..quote]);
                    text = _scratch[pieces.._scratchUsed];
                }

                _at += consumed;
                return true;
            }

            Keep(rest[..(quote + 1)]);
            rest = rest[(quote + 2)..];
        }
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        piece.CopyTo(_scratch[_scratchUsed..]);
        _scratchUsed += piece.Length;
    }
}
