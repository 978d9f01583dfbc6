using OrleansLake.Parquet.Internal.Format;
using OrleansLake.Parquet.Internal.Reading;
using OrleansLake.Parquet.Metadata;

namespace OrleansLake.Parquet.Internal.Pruning;

/// <summary>Reads the page index of a column chunk and checks it against the chunk.</summary>
internal static class PageIndexReader
{
    // Nothing sane has more; a lying length is refused before it is allocated by being within the file too.
    private const int IndexBytesMax = 64 << 20;

    /// <summary>Returns the data pages of a chunk in order, or none if the file has no offset index for it.</summary>
    /// <exception cref="ParquetException">The index contradicts the chunk.</exception>
    public static List<PageMetadata> Read(ByteSource source, ColumnChunkMetadata chunk, int rows)
    {
        if (chunk.OffsetIndexOffset is not { } offset || chunk.OffsetIndexBytes <= 0)
        {
            return [];
        }

        List<PageMetadata> pages = ReadOffsets(Load(source, offset, chunk.OffsetIndexBytes), chunk, rows);
        return chunk.ColumnIndexOffset is { } columnIndex && chunk.ColumnIndexBytes > 0
            ? ReadStatistics(Load(source, columnIndex, chunk.ColumnIndexBytes), pages)
            : pages;
    }

    private static byte[] Load(ByteSource source, long offset, int bytes)
    {
        if (offset < 4 || bytes > IndexBytesMax || bytes > source.Length - offset)
        {
            throw ParquetException.Corrupt($"A page index (offset {offset}, {bytes} bytes) is not within the file.");
        }

        byte[] index = new byte[bytes];
        source.Read(offset, index);
        return index;
    }

    private static List<PageMetadata> ReadOffsets(byte[] index, ColumnChunkMetadata chunk, int rows)
    {
        var starts = new List<(long Offset, int Bytes, long FirstRow)>();
        var reader = new ThriftReader(index);
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            if (id != 1)
            {
                reader.Skip(type);
                continue;
            }

            int count = reader.ReadList(type, ThriftType.Struct);
            for (int i = 0; i < count; i++)
            {
                starts.Add(ReadLocation(ref reader));
            }
        }

        long end = chunk.Start + chunk.CompressedBytes;
        long before = chunk.Start;
        var pages = new List<PageMetadata>(starts.Count);
        for (int i = 0; i < starts.Count; i++)
        {
            (long offset, int bytes, long firstRow) = starts[i];
            long next = i + 1 < starts.Count ? starts[i + 1].FirstRow : rows;
            if (offset < before || bytes <= 0 || bytes > end - offset || (i == 0 && firstRow != 0) || next < firstRow || next > rows)
            {
                throw ParquetException.Corrupt($"The page index places page {i} (offset {offset}, {bytes} bytes, row {firstRow}) outside its column.");
            }

            before = offset + bytes;
            pages.Add(new PageMetadata(offset, bytes, new RowRange((int)firstRow, (int)(next - firstRow)), null));
        }

        return pages.Count != 0 || rows == 0 ? pages : throw ParquetException.Corrupt("The page index names no page.");
    }

    private static (long Offset, int Bytes, long FirstRow) ReadLocation(ref ThriftReader reader)
    {
        long offset = -1;
        int bytes = -1;
        long firstRow = -1;
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            switch (id)
            {
                case 1: offset = reader.ReadI64(type); break;
                case 2: bytes = reader.ReadI32(type); break;
                case 3: firstRow = reader.ReadI64(type); break;
                default: reader.Skip(type); break;
            }
        }

        return (offset, bytes, firstRow);
    }

    private static List<PageMetadata> ReadStatistics(byte[] index, List<PageMetadata> pages)
    {
        bool[] isNull = [];
        long[] nulls = [];
        ReadOnlyMemory<byte>[] min = [];
        ReadOnlyMemory<byte>[] max = [];
        var reader = new ThriftReader(index);
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            switch (id)
            {
                case 1: isNull = ReadBooleans(ref reader, type); break;
                case 2: min = ReadBounds(ref reader, type); break;
                case 3: max = ReadBounds(ref reader, type); break;
                case 5: nulls = ReadCounts(ref reader, type); break;
                default: reader.Skip(type); break;
            }
        }

        if (isNull.Length != pages.Count || min.Length != pages.Count || max.Length != pages.Count || (nulls.Length != 0 && nulls.Length != pages.Count))
        {
            throw ParquetException.Corrupt("The column index and the offset index have different numbers of pages.");
        }

        var known = new List<PageMetadata>(pages.Count);
        for (int i = 0; i < pages.Count; i++)
        {
            known.Add(pages[i] with
            {
                Statistics = isNull[i]
                    ? new ColumnStatistics { NullCount = pages[i].Rows.Count }
                    : new ColumnStatistics { Min = min[i], Max = max[i], NullCount = nulls.Length == 0 ? null : nulls[i] },
            });
        }

        return known;
    }

    private static bool[] ReadBooleans(ref ThriftReader reader, ThriftType type)
    {
        bool[] values = new bool[reader.ReadList(type, ThriftType.True)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadByte() == (byte)ThriftType.True;
        }

        return values;
    }

    private static long[] ReadCounts(ref ThriftReader reader, ThriftType type)
    {
        long[] values = new long[reader.ReadList(type, ThriftType.I64)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadI64();
        }

        return values;
    }

    private static ReadOnlyMemory<byte>[] ReadBounds(ref ThriftReader reader, ThriftType type)
    {
        var values = new ReadOnlyMemory<byte>[reader.ReadList(type, ThriftType.Binary)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadBinary().ToArray();
        }

        return values;
    }
}
