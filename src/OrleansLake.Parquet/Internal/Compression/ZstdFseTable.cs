using System.Numerics;

namespace OrleansLake.Parquet.Internal.Compression;

/// <summary>A decoding table of finite state entropy (RFC 8878, 4.1).</summary>
internal sealed class ZstdFseTable(int accuracyMax, int symbolsMax)
{
    private readonly byte[] _symbols = new byte[1 << accuracyMax];
    private readonly byte[] _bits = new byte[1 << accuracyMax];
    private readonly ushort[] _bases = new ushort[1 << accuracyMax];
    private readonly short[] _counts = new short[symbolsMax];
    private readonly ushort[] _next = new ushort[symbolsMax];

    /// <summary>The logarithm of the number of states.</summary>
    public int Accuracy { get; private set; }

    /// <summary>Whether a table was built since <see cref="Clear"/>.</summary>
    public bool IsBuilt { get; private set; }

    public void Clear() => IsBuilt = false;

    public byte SymbolOf(uint state) => _symbols[state];

    public int BitsOf(uint state) => _bits[state];

    public uint Next(uint state, uint bits) => _bases[state] + bits;

    /// <summary>A table of one symbol that takes no bits.</summary>
    public void BuildSingle(byte symbol)
    {
        if (symbol >= symbolsMax)
        {
            throw ZstdDecoder.Malformed();
        }

        Accuracy = 0;
        _symbols[0] = symbol;
        _bits[0] = 0;
        _bases[0] = 0;
        IsBuilt = true;
    }

    /// <summary>Builds the table of a distribution.</summary>
    public void Build(ReadOnlySpan<short> counts, int accuracy)
    {
        Accuracy = accuracy;
        int size = 1 << accuracy;
        int high = size;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            // "Less than one": a state of its own, from the end.
            if (counts[symbol] == -1)
            {
                _symbols[--high] = (byte)symbol;
                _next[symbol] = 1;
            }
        }

        int step = (size >> 1) + (size >> 3) + 3;
        int at = 0;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            if (counts[symbol] <= 0)
            {
                continue;
            }

            _next[symbol] = (ushort)counts[symbol];
            for (int i = 0; i < counts[symbol]; i++)
            {
                _symbols[at] = (byte)symbol;
                do
                {
                    at = (at + step) & (size - 1);
                }
                while (at >= high);
            }
        }

        for (int state = 0; state < size; state++)
        {
            int next = _next[_symbols[state]]++;
            _bits[state] = (byte)(accuracy - BitOperations.Log2((uint)next));
            _bases[state] = (ushort)((next << _bits[state]) - size);
        }

        IsBuilt = true;
    }

    /// <summary>Reads a distribution (RFC 8878, 4.1.1), builds its table and returns how many bytes it took.</summary>
    public int Read(ReadOnlySpan<byte> from)
    {
        int bit = 0;
        int accuracy = (int)Forward(from, ref bit, 4) + 5;
        if (accuracy > accuracyMax)
        {
            throw ZstdDecoder.Malformed();
        }

        Span<short> counts = _counts;
        int remaining = 1 << accuracy;
        int symbol = 0;
        while (remaining > 0 && symbol < counts.Length)
        {
            int width = BitOperations.Log2((uint)remaining + 1) + 1;
            int value = (int)Forward(from, ref bit, width);
            int lowMask = (1 << (width - 1)) - 1;
            int threshold = (1 << width) - 1 - (remaining + 1);
            if ((value & lowMask) < threshold)
            {
                // Small values take one bit less.
                bit--;
                value &= lowMask;
            }
            else if (value > lowMask)
            {
                value -= threshold;
            }

            short count = (short)(value - 1);
            remaining -= Math.Abs(count);
            counts[symbol++] = count;
            if (count == 0)
            {
                SkipZeros(from, ref bit, counts, ref symbol);
            }
        }

        if (remaining != 0)
        {
            throw ZstdDecoder.Malformed();
        }

        int bytes = (bit + 7) >> 3;
        if (bytes > from.Length)
        {
            throw ZstdDecoder.Malformed();
        }

        Build(counts[..symbol], accuracy);
        return bytes;
    }

    private static void SkipZeros(ReadOnlySpan<byte> from, ref int bit, Span<short> counts, ref int symbol)
    {
        uint repeat;
        do
        {
            repeat = Forward(from, ref bit, 2);
            for (uint i = 0; i < repeat; i++)
            {
                if (symbol == counts.Length)
                {
                    throw ZstdDecoder.Malformed();
                }

                counts[symbol++] = 0;
            }
        }
        while (repeat == 3);
    }

    // Bits from the start on, up to 16; zeros behind the end, which the caller notices.
    private static uint Forward(ReadOnlySpan<byte> from, ref int bit, int count)
    {
        uint word = 0;
        for (int i = 0; i < 3; i++)
        {
            int at = (bit >> 3) + i;
            word |= at < from.Length ? (uint)from[at] << (8 * i) : 0;
        }

        uint value = word >> (bit & 7) & ((1U << count) - 1);
        bit += count;
        return value;
    }
}
