using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace OrleansLake.Parquet.Internal;

/// <summary>CRC-32 of IEEE 802.3, reflected, as gzip and Parquet's pages have it.</summary>
internal static class Crc32
{
    private static readonly uint[] Tables = MakeTables();

    public static uint Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>The CRC of bytes and of more behind them.</summary>
    public static uint Append(uint before, ReadOnlySpan<byte> data)
    {
        uint crc = ~before;
        if (Pclmulqdq.IsSupported && data.Length >= 64)
        {
            crc = Fold(crc, ref data);
        }

        return ~(ArmCrc32.Arm64.IsSupported ? UpdateArm(crc, data) : Update(crc, data));
    }

    /// <summary>The same without vectors; the tests hold the two equal.</summary>
    public static uint ComputeScalar(ReadOnlySpan<byte> data) => ~Update(uint.MaxValue, data);

    private static uint UpdateArm(uint crc, ReadOnlySpan<byte> data)
    {
        while (data.Length >= sizeof(ulong))
        {
            crc = ArmCrc32.Arm64.ComputeCrc32(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (byte b in data)
        {
            crc = ArmCrc32.ComputeCrc32(crc, b);
        }

        return crc;
    }

    // Slicing by 8 (Kounavis and Berry): table k holds the CRC of a byte that k zero bytes follow.
    private static uint Update(uint crc, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<uint> t = Tables;
        while (data.Length >= 8)
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = t[0x700 + (byte)low] ^ t[0x600 + (byte)(low >> 8)] ^ t[0x500 + (byte)(low >> 16)] ^ t[0x400 + (int)(low >> 24)]
                ^ t[0x300 + (byte)high] ^ t[0x200 + (byte)(high >> 8)] ^ t[0x100 + (byte)(high >> 16)] ^ t[(int)(high >> 24)];
            data = data[8..];
        }

        foreach (byte b in data)
        {
            crc = t[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return crc;
    }

    // Folding by carry-less multiplication: Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ
    // Instruction" (Intel, 2009), with its constants for the reflected polynomial. Takes whole blocks of 16 bytes off
    // the data, of which there are at least 64 bytes.
    private static uint Fold(uint crc, ref ReadOnlySpan<byte> data)
    {
        Vector128<ulong> by4 = Vector128.Create(0x0154442bd4UL, 0x01c6e41596UL);
        Vector128<ulong> by1 = Vector128.Create(0x01751997d0UL, 0x00ccaa009eUL);
        ref byte start = ref MemoryMarshal.GetReference(data);
        Vector128<ulong> x0 = Load(ref start, 0) ^ Vector128.CreateScalar((ulong)crc);
        Vector128<ulong> x1 = Load(ref start, 16);
        Vector128<ulong> x2 = Load(ref start, 32);
        Vector128<ulong> x3 = Load(ref start, 48);
        int at = 64;
        for (; data.Length - at >= 64; at += 64)
        {
            x0 = FoldInto(x0, by4, Load(ref start, at));
            x1 = FoldInto(x1, by4, Load(ref start, at + 16));
            x2 = FoldInto(x2, by4, Load(ref start, at + 32));
            x3 = FoldInto(x3, by4, Load(ref start, at + 48));
        }

        x0 = FoldInto(x0, by1, x1);
        x0 = FoldInto(x0, by1, x2);
        x0 = FoldInto(x0, by1, x3);
        for (; data.Length - at >= 16; at += 16)
        {
            x0 = FoldInto(x0, by1, Load(ref start, at));
        }

        data = data[at..];

        // 128 bits to 64, then Barrett's reduction to 32.
        Vector128<ulong> low32 = Vector128.Create(0xFFFFFFFFUL, 0xFFFFFFFFUL);
        Vector128<ulong> to64 = Vector128.CreateScalar(0x0163cd6124UL);
        Vector128<ulong> barrett = Vector128.Create(0x01db710641UL, 0x01f7011641UL);
        x0 = Pclmulqdq.CarrylessMultiply(x0, by1, 0x10) ^ Sse2.ShiftRightLogical128BitLane(x0, 8);
        x0 = Pclmulqdq.CarrylessMultiply(x0 & low32, to64, 0x00) ^ Sse2.ShiftRightLogical128BitLane(x0, 4);
        Vector128<ulong> t = Pclmulqdq.CarrylessMultiply(x0 & low32, barrett, 0x10);
        t = Pclmulqdq.CarrylessMultiply(t & low32, barrett, 0x00);
        return (x0 ^ t).AsUInt32().GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Load(ref byte start, int offset) =>
        Vector128.LoadUnsafe(ref start, (nuint)offset).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> FoldInto(Vector128<ulong> x, Vector128<ulong> by, Vector128<ulong> next) =>
        Pclmulqdq.CarrylessMultiply(x, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(x, by, 0x11) ^ next;

    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320u & (uint)-(int)(crc & 1));
            }

            tables[i] = crc;
        }

        for (int i = 256; i < tables.Length; i++)
        {
            tables[i] = tables[tables[i - 256] & 0xFF] ^ (tables[i - 256] >> 8);
        }

        return tables;
    }
}
