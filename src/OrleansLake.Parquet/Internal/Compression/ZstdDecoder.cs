using System.Buffers.Binary;

namespace OrleansLake.Parquet.Internal.Compression;

/// <summary>
/// Zstandard (RFC 8878), decompression into a span that holds the whole output. Dictionaries are not supported; a
/// frame's checksum is verified.
/// </summary>
internal sealed class ZstdDecoder
{
    private const uint Magic = 0xFD2FB528;
    private const uint SkippableMagic = 0x184D2A50;
    private const int BlockBytesMax = 128 * 1024;

    // Tables and literals take some 150 kB, kept for the next page of the thread.
    [ThreadStatic]
    private static ZstdDecoder? _ofThread;

    private readonly ZstdHuffmanTable _huffman = new();
    private readonly ZstdSequences _sequences = new();
    private readonly byte[] _literals = new byte[BlockBytesMax];

    public static bool TryDecompress(ReadOnlySpan<byte> from, Span<byte> into)
    {
        _ofThread ??= new ZstdDecoder();
        try
        {
            return _ofThread.Frames(from, into) == into.Length;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    internal static InvalidDataException Malformed() => new("Malformed zstd data.");

    private int Frames(ReadOnlySpan<byte> from, Span<byte> into)
    {
        int written = 0;
        while (from.Length >= sizeof(uint))
        {
            uint magic = BinaryPrimitives.ReadUInt32LittleEndian(from);
            from = from[sizeof(uint)..];
            if ((magic & ~15U) == SkippableMagic)
            {
                uint length = from.Length < sizeof(uint) ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(from);
                from = Take(from, sizeof(uint) + (long)length, out _);
                continue;
            }

            if (magic != Magic)
            {
                throw Malformed();
            }

            written = Frame(ref from, into, written);
        }

        return from.IsEmpty ? written : throw Malformed();
    }

    private int Frame(ref ReadOnlySpan<byte> from, Span<byte> into, int written)
    {
        from = Take(from, 1, out ReadOnlySpan<byte> head);
        int descriptor = head[0];
        bool isSingleSegment = (descriptor & 0x20) != 0;
        bool hasChecksum = (descriptor & 4) != 0;
        int contentSizeBytes = (descriptor >> 6) switch
        {
            0 => isSingleSegment ? 1 : 0,
            1 => 2,
            2 => 4,
            _ => 8,
        };
        if ((descriptor & 3) != 0 || (descriptor & 8) != 0)
        {
            throw Malformed();
        }

        from = Take(from, (isSingleSegment ? 0 : 1) + contentSizeBytes, out _);
        _huffman.Clear();
        _sequences.BeginFrame();
        int start = written;
        bool isLast = false;
        while (!isLast)
        {
            from = Take(from, 3, out head);
            int block = head[0] | head[1] << 8 | head[2] << 16;
            isLast = (block & 1) != 0;
            int size = block >> 3;
            ReadOnlySpan<byte> body;
            switch (block >> 1 & 3)
            {
                case 0:
                    from = Take(from, size, out body);
                    body.CopyTo(Room(into, written, size));
                    written += size;
                    break;
                case 1:
                    from = Take(from, 1, out body);
                    Room(into, written, size).Fill(body[0]);
                    written += size;
                    break;
                case 2:
                    from = Take(from, size, out body);
                    ReadOnlySpan<byte> literals = Literals(ref body);
                    written = _sequences.Execute(body, literals, into, start, written);
                    break;
                default:
                    throw Malformed();
            }
        }

        if (hasChecksum)
        {
            from = Take(from, sizeof(uint), out ReadOnlySpan<byte> checksum);
            if (BinaryPrimitives.ReadUInt32LittleEndian(checksum) != (uint)XxHash64.Compute(into[start..written]))
            {
                throw Malformed();
            }
        }

        return written;
    }

    // RFC 8878, 3.1.1.3.1.
    private ReadOnlySpan<byte> Literals(ref ReadOnlySpan<byte> from)
    {
        if (from.IsEmpty)
        {
            throw Malformed();
        }

        int type = from[0] & 3;
        int format = from[0] >> 2 & 3;
        ReadOnlySpan<byte> head;
        if (type <= 1)
        {
            int headBytes = format switch { 1 => 2, 3 => 3, _ => 1 };
            from = Take(from, headBytes, out head);
            int length = (int)(Number(head) >> (format is 1 or 3 ? 4 : 3));
            Span<byte> plain = Room(_literals, 0, length);
            from = Take(from, type == 0 ? length : 1, out ReadOnlySpan<byte> body);
            if (type == 0)
            {
                return body;
            }

            plain.Fill(body[0]);
            return plain;
        }

        int sizeBits = format switch { 2 => 14, 3 => 18, _ => 10 };
        from = Take(from, format switch { 2 => 4, 3 => 5, _ => 3 }, out head);
        long mask = (1L << sizeBits) - 1;
        int regenerated = (int)(Number(head) >> 4 & mask);
        int compressed = (int)(Number(head) >> (4 + sizeBits) & mask);
        from = Take(from, compressed, out ReadOnlySpan<byte> streams);
        if (type == 2)
        {
            streams = streams[_huffman.Read(streams)..];
        }
        else if (!_huffman.IsBuilt)
        {
            throw Malformed();
        }

        Span<byte> literals = Room(_literals, 0, regenerated);
        if (format == 0)
        {
            _huffman.Decode(streams, literals);
        }
        else
        {
            DecodeFourStreams(streams, literals);
        }

        return literals;
    }

    private void DecodeFourStreams(ReadOnlySpan<byte> streams, Span<byte> literals)
    {
        streams = Take(streams, 6, out ReadOnlySpan<byte> sizes);
        int part = (literals.Length + 3) / 4;
        if (3 * part > literals.Length)
        {
            throw Malformed();
        }

        for (int i = 0; i < 3; i++)
        {
            streams = Take(streams, BinaryPrimitives.ReadUInt16LittleEndian(sizes[(2 * i)..]), out ReadOnlySpan<byte> stream);
            _huffman.Decode(stream, literals.Slice(i * part, part));
        }

        _huffman.Decode(streams, literals[(3 * part)..]);
    }

    private static long Number(ReadOnlySpan<byte> head)
    {
        long number = 0;
        for (int i = head.Length - 1; i >= 0; i--)
        {
            number = number << 8 | head[i];
        }

        return number;
    }

    private static Span<byte> Room(Span<byte> into, int at, int length) =>
        length <= into.Length - at ? into.Slice(at, length) : throw Malformed();

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> from, long length, out ReadOnlySpan<byte> taken)
    {
        if (length > from.Length)
        {
            throw Malformed();
        }

        taken = from[..(int)length];
        return from[(int)length..];
    }
}
