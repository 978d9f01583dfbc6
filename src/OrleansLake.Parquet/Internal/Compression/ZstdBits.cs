using System.Buffers.Binary;
using System.Numerics;

namespace OrleansLake.Parquet.Internal.Compression;

/// <summary>
/// A bit stream that is read from its end (RFC 8878, 4.1): the highest set bit of the last byte marks where it begins.
/// Reading past its start gives zeros and makes <see cref="Position"/> negative, which the caller checks.
/// </summary>
internal ref struct ZstdBits
{
    private readonly ReadOnlySpan<byte> _bytes;

    public ZstdBits(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[^1] == 0)
        {
            throw ZstdDecoder.Malformed();
        }

        _bytes = bytes;
        Position = ((bytes.Length - 1) * 8) + BitOperations.Log2(bytes[^1]);
    }

    /// <summary>How many bits are left.</summary>
    public int Position { get; private set; }

    /// <summary>Reads up to 56 bits.</summary>
    public uint Read(int count)
    {
        uint value = Peek(count);
        Position -= count;
        return value;
    }

    public void Skip(int count) => Position -= count;

    /// <summary>The next bits, up to 32.</summary>
    public readonly uint Peek(int count)
    {
        if (Position >= count)
        {
            return At(Position - count, count);
        }

        return Position <= 0 ? 0 : At(0, Position) << (count - Position);
    }

    private readonly uint At(int offset, int count)
    {
        int at = offset >> 3;
        ulong word;
        if (_bytes.Length - at >= sizeof(ulong))
        {
            word = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[at..]);
        }
        else
        {
            word = 0;
            for (int i = _bytes.Length - 1; i >= at; i--)
            {
                word = word << 8 | _bytes[i];
            }
        }

        return (uint)(word >> (offset & 7) & ((1UL << count) - 1));
    }
}
