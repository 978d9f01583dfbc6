namespace OrleansLake.Parquet.Internal.Compression;

/// <summary>The sequences of a block (RFC 8878, 3.1.1.3.2 and 3.1.1.4): literals to copy and matches to repeat.</summary>
internal sealed class ZstdSequences
{
    private static readonly short[] LiteralDefaults =
    [
        4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
    ];

    private static readonly short[] MatchDefaults =
    [
        1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
    ];

    private static readonly short[] OffsetDefaults =
        [1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1];

    private static readonly int[] LiteralBases =
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048,
        4096, 8192, 16384, 32768, 65536,
    ];

    private static readonly byte[] LiteralBits =
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    ];

    private static readonly int[] MatchBases =
    [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34,
        35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539,
    ];

    private static readonly byte[] MatchBits =
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4,
        4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    ];

    private readonly ZstdFseTable _literalTable = new(9, 36);
    private readonly ZstdFseTable _offsetTable = new(8, 32);
    private readonly ZstdFseTable _matchTable = new(9, 53);
    private int _offset1;
    private int _offset2;
    private int _offset3;

    /// <summary>What every frame starts with.</summary>
    public void BeginFrame()
    {
        (_offset1, _offset2, _offset3) = (1, 4, 8);
        _literalTable.Clear();
        _offsetTable.Clear();
        _matchTable.Clear();
    }

    /// <summary>Carries out a block's sequences, and returns how much is written then.</summary>
    /// <param name="from">The section of the sequences.</param>
    /// <param name="literals">The block's literals.</param>
    /// <param name="into">All output, this frame's beginning at <paramref name="frameStart"/>.</param>
    /// <param name="frameStart">Before which no match may reach.</param>
    /// <param name="written">How much is written before.</param>
    public int Execute(ReadOnlySpan<byte> from, ReadOnlySpan<byte> literals, Span<byte> into, int frameStart, int written)
    {
        int count = ReadCount(ref from);
        if (count != 0)
        {
            ReadTables(ref from);
            written = Execute(count, new ZstdBits(from), ref literals, into, frameStart, written);
        }
        else if (!from.IsEmpty)
        {
            throw ZstdDecoder.Malformed();
        }

        if (literals.Length > into.Length - written)
        {
            throw ZstdDecoder.Malformed();
        }

        literals.CopyTo(into[written..]);
        return written + literals.Length;
    }

    private int Execute(
        int count, ZstdBits bits, ref ReadOnlySpan<byte> literals, Span<byte> into, int frameStart, int written)
    {
        uint literalState = bits.Read(_literalTable.Accuracy);
        uint offsetState = bits.Read(_offsetTable.Accuracy);
        uint matchState = bits.Read(_matchTable.Accuracy);
        for (int left = count; left > 0; left--)
        {
            int offsetCode = _offsetTable.SymbolOf(offsetState);
            int matchCode = _matchTable.SymbolOf(matchState);
            int literalCode = _literalTable.SymbolOf(literalState);
            long offsetValue = (1L << offsetCode) + bits.Read(offsetCode);
            int matchLength = MatchBases[matchCode] + (int)bits.Read(MatchBits[matchCode]);
            int literalLength = LiteralBases[literalCode] + (int)bits.Read(LiteralBits[literalCode]);
            int offset = OffsetOf(offsetValue, literalLength);
            if (left > 1)
            {
                literalState = _literalTable.Next(literalState, bits.Read(_literalTable.BitsOf(literalState)));
                matchState = _matchTable.Next(matchState, bits.Read(_matchTable.BitsOf(matchState)));
                offsetState = _offsetTable.Next(offsetState, bits.Read(_offsetTable.BitsOf(offsetState)));
            }

            if (bits.Position < 0 || literalLength > literals.Length || literalLength + matchLength > into.Length - written
                || offset <= 0 || offset > written + literalLength - frameStart)
            {
                throw ZstdDecoder.Malformed();
            }

            literals[..literalLength].CopyTo(into[written..]);
            literals = literals[literalLength..];
            written += literalLength;
            MatchCopy.Copy(into, written, offset, matchLength);
            written += matchLength;
        }

        return bits.Position == 0 ? written : throw ZstdDecoder.Malformed();
    }

    // RFC 8878, 3.1.1.5: values up to 3 repeat one of the last three offsets, shifted by one where no literals precede.
    private int OffsetOf(long value, int literalLength)
    {
        if (value > 3)
        {
            if (value - 3 > int.MaxValue)
            {
                throw ZstdDecoder.Malformed();
            }

            (_offset1, _offset2, _offset3) = ((int)value - 3, _offset1, _offset2);
            return _offset1;
        }

        switch (value - 1 + (literalLength == 0 ? 1 : 0))
        {
            case 0:
                break;
            case 1:
                (_offset1, _offset2) = (_offset2, _offset1);
                break;
            case 2:
                (_offset1, _offset2, _offset3) = (_offset3, _offset1, _offset2);
                break;
            default:
                (_offset1, _offset2, _offset3) = (_offset1 - 1, _offset1, _offset2);
                break;
        }

        return _offset1;
    }

    private static int ReadCount(ref ReadOnlySpan<byte> from)
    {
        if (from.IsEmpty)
        {
            throw ZstdDecoder.Malformed();
        }

        int size = from[0] < 128 ? 1 : from[0] < 255 ? 2 : 3;
        if (from.Length < size)
        {
            throw ZstdDecoder.Malformed();
        }

        int count = size switch
        {
            1 => from[0],
            2 => ((from[0] - 128) << 8) + from[1],
            _ => from[1] + (from[2] << 8) + 0x7F00,
        };
        from = from[size..];
        return count;
    }

    private void ReadTables(ref ReadOnlySpan<byte> from)
    {
        if (from.IsEmpty || (from[0] & 3) != 0)
        {
            throw ZstdDecoder.Malformed();
        }

        int modes = from[0];
        from = from[1..];
        ReadTable(modes >> 6, _literalTable, LiteralDefaults, 6, ref from);
        ReadTable(modes >> 4 & 3, _offsetTable, OffsetDefaults, 5, ref from);
        ReadTable(modes >> 2 & 3, _matchTable, MatchDefaults, 6, ref from);
    }

    private static void ReadTable(int mode, ZstdFseTable table, short[] defaults, int accuracy, ref ReadOnlySpan<byte> from)
    {
        switch (mode)
        {
            case 0:
                table.Build(defaults, accuracy);
                break;
            case 1:
                if (from.IsEmpty)
                {
                    throw ZstdDecoder.Malformed();
                }

                table.BuildSingle(from[0]);
                from = from[1..];
                break;
            case 2:
                from = from[table.Read(from)..];
                break;
            default:
                if (!table.IsBuilt)
                {
                    throw ZstdDecoder.Malformed();
                }

                break;
        }
    }
}
