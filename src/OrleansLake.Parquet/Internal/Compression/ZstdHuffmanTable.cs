using System.Numerics;

namespace OrleansLake.Parquet.Internal.Compression;

/// <summary>A Huffman decoding table of literals (RFC 8878, 4.2): one entry for each value of the longest code's bits.</summary>
internal sealed class ZstdHuffmanTable
{
    private const int BitsMax = 11;
    private const int SymbolsMax = 256;

    private readonly ushort[] _entries = new ushort[1 << BitsMax]; // symbol << 8 | bits
    private readonly byte[] _weights = new byte[SymbolsMax];
    private readonly ZstdFseTable _weightTable = new(6, BitsMax + 2);
    private int _bits;

    public bool IsBuilt => _bits != 0;

    public void Clear() => _bits = 0;

    /// <summary>Reads the tree's description and returns how many bytes it took.</summary>
    public int Read(ReadOnlySpan<byte> from)
    {
        if (from.IsEmpty)
        {
            throw ZstdDecoder.Malformed();
        }

        int head = from[0];
        from = from[1..];
        int count;
        int bytes;
        if (head >= 128)
        {
            count = head - 127;
            bytes = (count + 1) / 2;
            if (bytes > from.Length)
            {
                throw ZstdDecoder.Malformed();
            }

            for (int i = 0; i < count; i++)
            {
                _weights[i] = (byte)((i & 1) == 0 ? from[i / 2] >> 4 : from[i / 2] & 15);
            }
        }
        else
        {
            bytes = head;
            if (bytes > from.Length)
            {
                throw ZstdDecoder.Malformed();
            }

            count = ReadCompressedWeights(from[..bytes]);
        }

        Build(count);
        return bytes + 1;
    }

    /// <summary>Fills a span from one stream.</summary>
    public void Decode(ReadOnlySpan<byte> stream, Span<byte> into)
    {
        var bits = new ZstdBits(stream);
        for (int i = 0; i < into.Length; i++)
        {
            ushort entry = _entries[bits.Peek(_bits)];
            into[i] = (byte)(entry >> 8);
            bits.Skip((byte)entry);
        }

        if (bits.Position != 0)
        {
            throw ZstdDecoder.Malformed();
        }
    }

    // Two states take turns until the bits run out (RFC 8878, 4.2.1.2).
    private int ReadCompressedWeights(ReadOnlySpan<byte> from)
    {
        int used = _weightTable.Read(from);
        var bits = new ZstdBits(from[used..]);
        uint state = bits.Read(_weightTable.Accuracy);
        uint other = bits.Read(_weightTable.Accuracy);
        int count = 0;
        while (true)
        {
            if (count > SymbolsMax - 3 || bits.Position < 0)
            {
                throw ZstdDecoder.Malformed();
            }

            _weights[count++] = _weightTable.SymbolOf(state);
            uint next = _weightTable.Next(state, bits.Read(_weightTable.BitsOf(state)));
            if (bits.Position < 0)
            {
                _weights[count++] = _weightTable.SymbolOf(other);
                return count;
            }

            state = other;
            other = next;
        }
    }

    private void Build(int count)
    {
        int sum = 0;
        for (int i = 0; i < count; i++)
        {
            if (_weights[i] > BitsMax)
            {
                throw ZstdDecoder.Malformed();
            }

            sum += _weights[i] == 0 ? 0 : 1 << (_weights[i] - 1);
        }

        if (sum == 0)
        {
            throw ZstdDecoder.Malformed();
        }

        // The last weight is not stored: it fills the sum up to a power of two.
        int bits = BitOperations.Log2((uint)sum) + 1;
        int rest = (1 << bits) - sum;
        if (bits > BitsMax || !BitOperations.IsPow2(rest) || count >= SymbolsMax)
        {
            throw ZstdDecoder.Malformed();
        }

        _weights[count++] = (byte)(BitOperations.Log2((uint)rest) + 1);
        int at = 0;
        for (int weight = 1; weight <= bits; weight++)
        {
            for (int symbol = 0; symbol < count; symbol++)
            {
                if (_weights[symbol] == weight)
                {
                    int length = 1 << (weight - 1);
                    _entries.AsSpan(at, length).Fill((ushort)(symbol << 8 | (bits + 1 - weight)));
                    at += length;
                }
            }
        }

        _bits = bits;
    }
}
