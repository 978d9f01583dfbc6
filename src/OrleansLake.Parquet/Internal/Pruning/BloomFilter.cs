using System.Numerics;
using OrleansLake.Parquet.Internal.Format;
using OrleansLake.Parquet.Internal.Reading;

namespace OrleansLake.Parquet.Internal.Pruning;

/// <summary>
/// A split-block bloom filter (https://parquet.apache.org/docs/file-format/bloomfilter/): blocks of 32 bytes, a value
/// sets one bit in each of its block's eight words.
/// </summary>
internal static class BloomFilter
{
    public const int BlockBytes = 32;

    // The most that parquet-java writes; what is larger is not read.
    private const int BytesMax = 128 << 20;

    // Header: four fields of a few bytes each; more is not one.
    private const int HeaderBytesMax = 64;
    private const int WordCount = 8;

    private static ReadOnlySpan<uint> Salts =>
        [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31];

    /// <summary>Returns the size in bytes for so many distinct values, a power of two, as some readers demand.</summary>
    public static int BytesFor(long distinct, double falsePositives)
    {
        double bits = -8.0 * distinct / Math.Log(1 - Math.Pow(falsePositives, 1.0 / 8));
        double bytes = Math.Clamp(Math.Ceiling(bits / 8), BlockBytes, BytesMax);
        return (int)BitOperations.RoundUpToPowerOf2((uint)bytes);
    }

    public static void Add(Span<byte> blocks, ulong hash)
    {
        Span<byte> block = blocks.Slice(BlockOf(blocks.Length, hash), BlockBytes);
        for (int word = 0; word < WordCount; word++)
        {
            block[(4 * word) + (int)(Bit(hash, word) >> 3)] |= (byte)(1 << (int)(Bit(hash, word) & 7));
        }
    }

    public static bool MayContain(ReadOnlySpan<byte> block, ulong hash)
    {
        for (int word = 0; word < WordCount; word++)
        {
            if ((block[(4 * word) + (int)(Bit(hash, word) >> 3)] & (1 << (int)(Bit(hash, word) & 7))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Returns the place where the block of a value starts, in bytes from the first block's start.</summary>
    public static int BlockOf(int bytes, ulong hash) => BlockBytes * (int)((hash >> 32) * (ulong)(bytes / BlockBytes) >> 32);

    public static void WriteHeader(int bytes, OutputBuffer output)
    {
        var writer = new ThriftWriter(output);
        writer.BeginStruct();
        writer.I32(1, bytes);
        for (int choice = 2; choice <= 4; choice++)
        {
            // Algorithm, hash and compression have one choice each: BLOCK, XXHASH, UNCOMPRESSED.
            writer.BeginStruct(choice);
            writer.EmptyStruct(1);
            writer.EndStruct();
        }

        writer.EndStruct();
    }

    /// <summary>
    /// Returns whether a filter in a file may contain a value: only the header and one block are read. True if the filter is
    /// not one that is known here.
    /// </summary>
    /// <exception cref="ParquetException">It is damaged.</exception>
    public static bool MayContain(ByteSource source, long offset, ulong hash)
    {
        if (offset < 4 || offset >= source.Length)
        {
            throw ParquetException.Corrupt($"The metadata places a bloom filter at {offset}, outside the file.");
        }

        Span<byte> head = stackalloc byte[(int)Math.Min(HeaderBytesMax, source.Length - offset)];
        source.Read(offset, head);
        var reader = new ThriftReader(head);
        int bytes = -1;
        bool isKnown = true;
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            switch (id)
            {
                case 1: bytes = reader.ReadI32(type); break;
                case 2 or 3 or 4: isKnown &= IsFirstChoice(ref reader, type); break;
                default: reader.Skip(type); break;
            }
        }

        if (!isKnown)
        {
            return true;
        }

        long blocks = offset + reader.Position;
        if (bytes < BlockBytes || bytes % BlockBytes != 0 || bytes > source.Length - blocks)
        {
            throw ParquetException.Corrupt($"A bloom filter of {bytes} bytes is not within the file.");
        }

        Span<byte> block = stackalloc byte[BlockBytes];
        source.Read(blocks + BlockOf(bytes, hash), block);
        return MayContain(block, hash);
    }

    private static bool IsFirstChoice(ref ThriftReader reader, ThriftType type)
    {
        ThriftReader.Expect(type, ThriftType.Struct);
        bool isFirst = false;
        int id = 0;
        for (ThriftType choice = reader.ReadField(ref id); choice != ThriftType.Stop; choice = reader.ReadField(ref id))
        {
            isFirst |= id == 1;
            reader.Skip(choice);
        }

        return isFirst;
    }

    private static uint Bit(ulong hash, int word) => (uint)hash * Salts[word] >> 27;
}
