using System.Buffers.Binary;

namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>A hash of bytes for tables in memory; it is nowhere in a file.</summary>
internal static class BytesHash
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        ulong hash = (ulong)bytes.Length * Multiplier;
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        if (bytes.Length > 0)
        {
            ulong tail = 0;
            foreach (byte b in bytes)
            {
                tail = tail << 8 | b;
            }

            hash = Mix(hash ^ tail);
        }

        return hash;
    }

    private static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value ^ Multiplier, 0xD6E8FEB86659FD93, out ulong low);
        return high ^ low;
    }
}
