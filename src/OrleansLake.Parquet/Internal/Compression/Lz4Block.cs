namespace OrleansLake.Parquet.Internal.Compression;

/// <summary>The LZ4 block format (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md).</summary>
internal static class Lz4Block
{
    private const int MatchLengthMin = 4;

    /// <summary>Decompresses a block; false if it is malformed or does not fit.</summary>
    public static bool TryDecompress(ReadOnlySpan<byte> from, Span<byte> into, out int written)
    {
        int at = 0;
        written = 0;
        while (at < from.Length)
        {
            int token = from[at++];
            if (!TryReadLength(from, ref at, token >> 4, out int literals)
                || literals > from.Length - at || literals > into.Length - written)
            {
                return false;
            }

            from.Slice(at, literals).CopyTo(into[written..]);
            at += literals;
            written += literals;
            if (at == from.Length)
            {
                return true;
            }

            if (from.Length - at < 2)
            {
                return false;
            }

            int distance = from[at] | from[at + 1] << 8;
            at += 2;
            if (distance == 0 || distance > written || !TryReadLength(from, ref at, token & 15, out int length)
                || length + MatchLengthMin > into.Length - written)
            {
                return false;
            }

            MatchCopy.Copy(into, written, distance, length + MatchLengthMin);
            written += length + MatchLengthMin;
        }

        return false;
    }

    // 15 in the token says that bytes follow which are added up to the first that is not 255.
    private static bool TryReadLength(ReadOnlySpan<byte> from, ref int at, int nibble, out int length)
    {
        length = nibble;
        if (nibble != 15)
        {
            return true;
        }

        while (at < from.Length)
        {
            byte part = from[at++];
            length += part;
            if (part != 255)
            {
                return true;
            }

            if (length > 1 << 30)
            {
                return false;
            }
        }

        return false;
    }
}
