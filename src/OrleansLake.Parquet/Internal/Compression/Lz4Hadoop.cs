using System.Buffers.Binary;

namespace OrleansLake.Parquet.Internal.Compression;

/// <summary>
/// The deprecated LZ4 codec: Hadoop's frames (size before, size after, both big-endian, then a block; of a frame that
/// holds several blocks each has its own size after), or a bare block, as older Arrow wrote it.
/// </summary>
internal static class Lz4Hadoop
{
    public static bool TryDecompress(ReadOnlySpan<byte> from, Span<byte> into) =>
        TryFrames(from, into) || (Lz4Block.TryDecompress(from, into, out int written) && written == into.Length);

    private static bool TryFrames(ReadOnlySpan<byte> from, Span<byte> into)
    {
        while (from.Length >= 4)
        {
            uint frame = BinaryPrimitives.ReadUInt32BigEndian(from);
            from = from[4..];
            if (frame > into.Length)
            {
                return false;
            }

            Span<byte> rest = into[..(int)frame];
            into = into[(int)frame..];
            while (rest.Length > 0)
            {
                if (from.Length < 4)
                {
                    return false;
                }

                uint block = BinaryPrimitives.ReadUInt32BigEndian(from);
                from = from[4..];
                if (block > from.Length || !Lz4Block.TryDecompress(from[..(int)block], rest, out int written) || written == 0)
                {
                    return false;
                }

                from = from[(int)block..];
                rest = rest[written..];
            }
        }

        return from.Length == 0 && into.Length == 0;
    }
}
