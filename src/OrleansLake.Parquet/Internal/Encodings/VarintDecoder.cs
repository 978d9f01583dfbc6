namespace OrleansLake.Parquet.Internal.Encodings;

/// <summary>Unsigned LEB128 numbers within a page.</summary>
internal static class VarintDecoder
{
    public static uint ReadUInt32(ReadOnlySpan<byte> from, ref int at)
    {
        ulong value = ReadUInt64(from, ref at);
        return value <= uint.MaxValue ? (uint)value : throw Malformed();
    }

    public static long ReadZigZag(ReadOnlySpan<byte> from, ref int at)
    {
        ulong raw = ReadUInt64(from, ref at);
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    private static ulong ReadUInt64(ReadOnlySpan<byte> from, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && at < from.Length; shift += 7)
        {
            byte part = from[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Malformed();
    }

    private static ParquetException Malformed() => ParquetException.Corrupt("A page has a malformed number.");
}
