using OrleansLake.Parquet.Internal.Format;

namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>Writes a file's footer (parquet.thrift, <c>FileMetaData</c>).</summary>
internal sealed class FooterWriter(
    ParquetSchema schema, ParquetWriterOptions options, IReadOnlyList<ChunkRecord[]> rowGroups, long bloomFilters, long columnIndexes, long offsetIndexes, OutputBuffer output)
{
    // 2 says no more than that encodings beyond the first version's may be in use.
    private const int FormatVersion = 2;

    private readonly ThriftWriter _writer = new(output);

    public void Write()
    {
        _writer.BeginStruct();
        _writer.I32(1, FormatVersion);
        WriteSchema();
        long rows = 0;
        foreach (ChunkRecord[] group in rowGroups)
        {
            rows += group[0].RowCount;
        }

        _writer.I64(3, rows);
        _writer.List(4, ThriftType.Struct, rowGroups.Count);
        for (int i = 0; i < rowGroups.Count; i++)
        {
            WriteRowGroup(rowGroups[i], i);
        }

        WriteKeyValues();
        _writer.String(6, options.CreatedBy);
        _writer.List(7, ThriftType.Struct, schema.Fields.Count);
        for (int i = 0; i < schema.Fields.Count; i++)
        {
            _writer.BeginStruct();
            _writer.EmptyStruct(1);
            _writer.EndStruct();
        }

        _writer.EndStruct();
    }

    private void WriteSchema()
    {
        _writer.List(2, ThriftType.Struct, schema.Fields.Count + 1);
        _writer.BeginStruct();
        _writer.String(4, "schema");
        _writer.I32(5, schema.Fields.Count);
        _writer.EndStruct();
        foreach (ParquetField field in schema.Fields)
        {
            _writer.BeginStruct();
            _writer.I32(1, (int)PhysicalOf(field.Type));
            _writer.I32(3, field.IsRequired ? 0 : 1);
            _writer.String(4, field.Name);
            WriteMeaning(field);
            _writer.EndStruct();
        }
    }

    // The older ConvertedType beside the LogicalType, for readers that know only that. It has no local timestamps.
    private void WriteMeaning(ParquetField field)
    {
        switch (field.Type)
        {
            case ParquetType.String:
                _writer.I32(6, 0);
                _writer.BeginStruct(10);
                _writer.EmptyStruct(1);
                _writer.EndStruct();
                break;
            case ParquetType.Date:
                _writer.I32(6, 6);
                _writer.BeginStruct(10);
                _writer.EmptyStruct(6);
                _writer.EndStruct();
                break;
            case ParquetType.TimestampMicros:
                if (field.IsAdjustedToUtc)
                {
                    _writer.I32(6, 10);
                }

                _writer.BeginStruct(10);
                _writer.BeginStruct(8);
                _writer.Bool(1, field.IsAdjustedToUtc);
                _writer.BeginStruct(2);
                _writer.EmptyStruct(2);
                _writer.EndStruct();
                _writer.EndStruct();
                _writer.EndStruct();
                break;
        }
    }

    private void WriteRowGroup(ChunkRecord[] chunks, int ordinal)
    {
        long uncompressed = 0;
        long compressed = 0;
        foreach (ChunkRecord chunk in chunks)
        {
            uncompressed += chunk.UncompressedBytes;
            compressed += chunk.CompressedBytes;
        }

        _writer.BeginStruct();
        _writer.List(1, ThriftType.Struct, chunks.Length);
        for (int i = 0; i < chunks.Length; i++)
        {
            WriteColumn(schema.Fields[i], chunks[i]);
        }

        _writer.I64(2, uncompressed);
        _writer.I64(3, chunks[0].RowCount);
        if (options.SortOrder.Count != 0)
        {
            _writer.List(4, ThriftType.Struct, options.SortOrder.Count);
            foreach (SortingColumn sorting in options.SortOrder)
            {
                _writer.BeginStruct();
                _writer.I32(1, schema.IndexOf(sorting.Column));
                _writer.Bool(2, sorting.IsDescending);
                _writer.Bool(3, sorting.NullsFirst);
                _writer.EndStruct();
            }
        }

        _writer.I64(5, chunks[0].Offset);
        _writer.I64(6, compressed);
        if (ordinal <= short.MaxValue)
        {
            _writer.I16(7, (short)ordinal);
        }

        _writer.EndStruct();
    }

    private void WriteColumn(ParquetField field, ChunkRecord chunk)
    {
        _writer.BeginStruct();
        _writer.I64(2, chunk.Offset);
        WriteMetadata(field, chunk);
        WriteIndexPlace(4, offsetIndexes, chunk.OffsetIndex);
        WriteIndexPlace(6, columnIndexes, chunk.ColumnIndex);
        _writer.EndStruct();
    }

    private void WriteIndexPlace(int id, long start, Range range)
    {
        int length = range.End.Value - range.Start.Value;
        if (length != 0)
        {
            _writer.I64(id, start + range.Start.Value);
            _writer.I32(id + 1, length);
        }
    }

    private void WriteMetadata(ParquetField field, ChunkRecord chunk)
    {
        bool hasDictionary = chunk.DictionaryPageBytes != 0;
        _writer.BeginStruct(3);
        _writer.I32(1, (int)PhysicalOf(field.Type));
        _writer.List(2, ThriftType.I32, hasDictionary ? 3 : 2);
        if (hasDictionary)
        {
            _writer.I64((int)PageEncoding.Plain);
        }

        _writer.I64((int)PageEncoding.Rle);
        _writer.I64((int)chunk.Encoding);
        _writer.List(3, ThriftType.Binary, 1);
        _writer.String(field.Name);
        _writer.I32(4, (int)chunk.Codec);
        _writer.I64(5, chunk.RowCount);
        _writer.I64(6, chunk.UncompressedBytes);
        _writer.I64(7, chunk.CompressedBytes);
        _writer.I64(9, chunk.Offset + chunk.DictionaryPageBytes);
        if (hasDictionary)
        {
            _writer.I64(11, chunk.Offset);
        }

        WriteStatistics(chunk);
        WriteEncodingCounts(chunk, hasDictionary);
        WriteIndexPlace(14, bloomFilters, chunk.BloomFilter);
        _writer.EndStruct();
    }

    private void WriteStatistics(ChunkRecord chunk)
    {
        _writer.BeginStruct(12);
        _writer.I64(3, chunk.NullCount);
        if (chunk.DistinctCount is { } distinct)
        {
            _writer.I64(4, distinct);
        }

        if (chunk.Max is not null)
        {
            _writer.Binary(5, chunk.Max);
        }

        if (chunk.Min is not null)
        {
            _writer.Binary(6, chunk.Min);
        }

        if (chunk.Max is not null)
        {
            _writer.Bool(7, chunk.IsMaxExact);
        }

        if (chunk.Min is not null)
        {
            _writer.Bool(8, chunk.IsMinExact);
        }

        _writer.EndStruct();
    }

    // From these a reader knows that all pages are dictionary pages, and may search the dictionary alone.
    private void WriteEncodingCounts(ChunkRecord chunk, bool hasDictionary)
    {
        _writer.List(13, ThriftType.Struct, hasDictionary ? 2 : 1);
        if (hasDictionary)
        {
            WriteEncodingCount(PageHeader.DictionaryPage, PageEncoding.Plain, 1);
        }

        WriteEncodingCount(PageHeader.DataPage, chunk.Encoding, chunk.PageCount);
    }

    private void WriteEncodingCount(int pageType, PageEncoding encoding, int count)
    {
        _writer.BeginStruct();
        _writer.I32(1, pageType);
        _writer.I32(2, (int)encoding);
        _writer.I32(3, count);
        _writer.EndStruct();
    }

    private void WriteKeyValues()
    {
        if (options.KeyValueMetadata.Count == 0)
        {
            return;
        }

        string[] keys = [.. options.KeyValueMetadata.Keys];
        Array.Sort(keys, StringComparer.Ordinal);
        _writer.List(5, ThriftType.Struct, keys.Length);
        foreach (string key in keys)
        {
            _writer.BeginStruct();
            _writer.String(1, key);
            _writer.String(2, options.KeyValueMetadata[key]);
            _writer.EndStruct();
        }
    }

    private static PhysicalType PhysicalOf(ParquetType type) => type switch
    {
        ParquetType.Boolean => PhysicalType.Boolean,
        ParquetType.Int32 or ParquetType.Date => PhysicalType.Int32,
        ParquetType.Int64 or ParquetType.TimestampMicros => PhysicalType.Int64,
        ParquetType.Float => PhysicalType.Float,
        ParquetType.Double => PhysicalType.Double,
        _ => PhysicalType.ByteArray,
    };
}
