using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OrleansLake.Storage.Checksums;

/// <summary>
/// CRC-32C (Castagnoli, RFC 3720 appendix B.4; reflected polynomial 0x82F63B78). The instruction has a latency of
/// three cycles and a throughput of one, so three streams of a block run side by side and are then put together:
/// the CRC of a concatenation is that of its parts, the earlier ones shifted over the zeros of the later.
/// </summary>
public static class Crc32C
{
    private const uint Polynomial = 0x82F63B78;

    /// <summary>The bytes of one of the three streams.</summary>
    private const int Lane = 2048;

    private static readonly uint[] ByteTable = MakeByteTable();

    /// <summary>Four tables of 256: the effect of <see cref="Lane"/> zero bytes on each byte of a CRC.</summary>
    private static readonly uint[] ShiftTable = MakeShiftTable();

    private static bool HasInstruction => Sse42.X64.IsSupported || Crc32.Arm64.IsSupported;

    /// <summary>Returns the CRC of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>Returns the CRC of the bytes before, whose CRC is <paramref name="crc"/>, and these.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes) =>
        HasInstruction ? ~ByInstruction(~crc, bytes) : AppendByTable(crc, bytes);

    /// <summary>Returns the same by a table, for processors without the instruction.</summary>
    internal static uint AppendByTable(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        uint[] table = ByteTable;
        foreach (byte b in bytes)
        {
            crc = table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint ByInstruction(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 3 * Lane)
        {
            ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes[..(3 * Lane)]);
            ReadOnlySpan<ulong> first = words[..(Lane / 8)];
            ReadOnlySpan<ulong> second = words.Slice(Lane / 8, first.Length);
            ReadOnlySpan<ulong> third = words.Slice(Lane / 4, first.Length);
            uint a = crc, b = 0, c = 0;
            for (int i = 0; i < first.Length; i++)
            {
                a = Step(a, first[i]);
                b = Step(b, second[i]);
                c = Step(c, third[i]);
            }

            crc = Shift(Shift(a) ^ b) ^ c;
            bytes = bytes[(3 * Lane)..];
        }

        while (bytes.Length >= 8)
        {
            crc = Step(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (byte b in bytes)
        {
            crc = Sse42.IsSupported ? Sse42.Crc32(crc, b) : Crc32.ComputeCrc32C(crc, b);
        }

        return crc;
    }

    private static uint Step(uint crc, ulong word) =>
        Sse42.X64.IsSupported ? (uint)Sse42.X64.Crc32(crc, word) : Crc32.Arm64.ComputeCrc32C(crc, word);

    private static uint Shift(uint crc)
    {
        uint[] table = ShiftTable;
        return table[crc & 0xff] ^ table[256 + ((crc >> 8) & 0xff)]
            ^ table[512 + ((crc >> 16) & 0xff)] ^ table[768 + (crc >> 24)];
    }

    private static uint[] MakeByteTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            }

            table[i] = crc;
        }

        return table;
    }

    private static uint[] MakeShiftTable()
    {
        // Shifting is linear: the effect on each single bit gives that on every value.
        Span<uint> bits = stackalloc uint[32];
        for (int bit = 0; bit < 32; bit++)
        {
            uint crc = 1u << bit;
            for (int i = 0; i < Lane; i++)
            {
                crc = ByteTable[(byte)crc] ^ (crc >> 8);
            }

            bits[bit] = crc;
        }

        var table = new uint[1024];
        for (int part = 0; part < 4; part++)
        {
            for (int value = 0; value < 256; value++)
            {
                uint crc = 0;
                for (int bit = 0; bit < 8; bit++)
                {
                    crc ^= (value >> bit & 1) != 0 ? bits[8 * part + bit] : 0;
                }

                table[256 * part + value] = crc;
            }
        }

        return table;
    }
}
