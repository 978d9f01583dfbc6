namespace OrleansLake.Parquet.Internal.Format;

/// <summary>Reads what a footer says about a row group, and checks it against the schema and the file's size.</summary>
internal static class RowGroupParser
{
    public static RowGroupMetadata Read(ref ThriftReader reader, List<Leaf> leaves, long fileBytes)
    {
        List<ColumnChunkMetadata> columns = [];
        List<SortingColumn> order = [];
        long rows = -1;
        long bytes = 0;
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            switch (id)
            {
                case 1: ReadColumns(ref reader, type, leaves, fileBytes, columns); break;
                case 2: bytes = reader.ReadI64(type); break;
                case 3: rows = reader.ReadI64(type); break;
                case 4: ReadOrder(ref reader, type, leaves, order); break;
                default: reader.Skip(type); break;
            }
        }

        if (rows is < 0 or > int.MaxValue)
        {
            throw ParquetException.Corrupt($"The row group has {rows} rows.");
        }

        if (columns.Count != leaves.Count)
        {
            throw ParquetException.Corrupt($"The row group has {columns.Count} columns, the schema {leaves.Count}.");
        }

        return new RowGroupMetadata(rows, bytes, columns, order);
    }

    private static void ReadColumns(
        ref ThriftReader reader, ThriftType type, List<Leaf> leaves, long fileBytes, List<ColumnChunkMetadata> into)
    {
        int count = reader.ReadList(type, ThriftType.Struct);
        if (count != leaves.Count)
        {
            throw ParquetException.Corrupt($"The row group has {count} columns, the schema {leaves.Count}.");
        }

        for (int i = 0; i < count; i++)
        {
            try
            {
                into.Add(ReadColumn(ref reader, leaves[i], fileBytes));
            }
            catch (ParquetException e)
            {
                throw e.At(null, leaves[i].Path);
            }
        }
    }

    private static ColumnChunkMetadata ReadColumn(ref ThriftReader reader, Leaf leaf, long fileBytes)
    {
        ColumnChunkMetadata? meta = null;
        long offsetIndex = 0;
        long columnIndex = 0;
        int offsetIndexBytes = 0;
        int columnIndexBytes = 0;
        bool isEncrypted = false;
        bool isElsewhere = false;
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            switch (id)
            {
                case 1: isElsewhere = reader.ReadBinary(type).Length != 0; break;
                case 3: ThriftReader.Expect(type, ThriftType.Struct); meta = ReadMetadata(ref reader, leaf); break;
                case 4: offsetIndex = reader.ReadI64(type); break;
                case 5: offsetIndexBytes = reader.ReadI32(type); break;
                case 6: columnIndex = reader.ReadI64(type); break;
                case 7: columnIndexBytes = reader.ReadI32(type); break;
                case 8: isEncrypted = true; reader.Skip(type); break;
                default: reader.Skip(type); break;
            }
        }

        if (isElsewhere)
        {
            throw ParquetException.Unsupported("The column's data is in another file.");
        }

        if (meta is null)
        {
            throw isEncrypted ? ParquetException.Unsupported("The column is encrypted.") : ParquetException.Corrupt("The column has no metadata.");
        }

        long start = meta.Start;
        if (start < 4 || meta.CompressedBytes < 0 || start > fileBytes || meta.CompressedBytes > fileBytes - start)
        {
            // Writers leave the offsets of a chunk without rows at 0.
            if (meta.ValueCount != 0)
            {
                throw ParquetException.Corrupt($"The column's pages (offset {start}, {meta.CompressedBytes} bytes) are not within the file.");
            }
        }

        return meta with
        {
            OffsetIndexOffset = offsetIndex > 0 ? offsetIndex : null,
            OffsetIndexBytes = offsetIndexBytes,
            ColumnIndexOffset = columnIndex > 0 ? columnIndex : null,
            ColumnIndexBytes = columnIndexBytes,
            IsEncrypted = isEncrypted,
        };
    }

    private static ColumnChunkMetadata ReadMetadata(ref ThriftReader reader, Leaf leaf)
    {
        PhysicalType? stored = null;
        var encodings = new List<PageEncoding>();
        int codec = -1;
        long values = -1, uncompressed = 0, compressed = -1, dataOffset = -1, dictionaryOffset = 0, bloomOffset = 0;
        ColumnStatistics? statistics = null;
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            switch (id)
            {
                case 1: stored = SchemaElement.ReadPhysicalType(reader.ReadI32(type)); break;
                case 2: ReadEncodings(ref reader, type, encodings); break;
                case 4: codec = reader.ReadI32(type); break;
                case 5: values = reader.ReadI64(type); break;
                case 6: uncompressed = reader.ReadI64(type); break;
                case 7: compressed = reader.ReadI64(type); break;
                case 9: dataOffset = reader.ReadI64(type); break;
                case 11: dictionaryOffset = reader.ReadI64(type); break;
                case 12: ThriftReader.Expect(type, ThriftType.Struct); statistics = ReadStatistics(ref reader, leaf); break;
                case 14: bloomOffset = reader.ReadI64(type); break;
                default: reader.Skip(type); break;
            }
        }

        if (stored != leaf.StoredAs)
        {
            throw ParquetException.Corrupt($"The column is {leaf.StoredAs} in the schema and {stored} in the row group.");
        }

        if (values < 0 || codec < 0 || compressed < 0 || dataOffset < 0)
        {
            throw ParquetException.Corrupt("The column's metadata lacks its sizes, its codec or its place.");
        }

        return new ColumnChunkMetadata
        {
            Path = leaf.Path,
            StoredAs = leaf.StoredAs,
            Field = leaf.Field,
            Unit = leaf.Unit,
            Encodings = encodings,
            Codec = (Codec)codec,
            ValueCount = values,
            UncompressedBytes = uncompressed,
            CompressedBytes = compressed,
            DataPageOffset = dataOffset,
            DictionaryPageOffset = dictionaryOffset > 0 ? dictionaryOffset : null,
            BloomFilterOffset = bloomOffset > 0 ? bloomOffset : null,
            Statistics = statistics,
        };
    }

    private static void ReadEncodings(ref ThriftReader reader, ThriftType type, List<PageEncoding> into)
    {
        int count = reader.ReadList(type, ThriftType.I32);
        for (int i = 0; i < count; i++)
        {
            into.Add((PageEncoding)reader.ReadI32());
        }
    }

    private static ColumnStatistics ReadStatistics(ref ThriftReader reader, Leaf leaf)
    {
        byte[]? oldMax = null, oldMin = null, max = null, min = null;
        long? nulls = null, distinct = null;
        bool? isMaxExact = null, isMinExact = null;
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            switch (id)
            {
                case 1: oldMax = reader.ReadBinary(type).ToArray(); break;
                case 2: oldMin = reader.ReadBinary(type).ToArray(); break;
                case 3: nulls = reader.ReadI64(type); break;
                case 4: distinct = reader.ReadI64(type); break;
                case 5: max = reader.ReadBinary(type).ToArray(); break;
                case 6: min = reader.ReadBinary(type).ToArray(); break;
                case 7: isMaxExact = ThriftReader.ReadBool(type); break;
                case 8: isMinExact = ThriftReader.ReadBool(type); break;
                default: reader.Skip(type); break;
            }
        }

        // The older pair was compared as signed bytes for text, which is of no use; for signed numbers it is right.
        bool isOldRight = !leaf.IsUnsigned && leaf.StoredAs is PhysicalType.Int32 or PhysicalType.Int64 or PhysicalType.Float or PhysicalType.Double or PhysicalType.Boolean;
        return new ColumnStatistics
        {
            Min = Bound(min ?? (isOldRight ? oldMin : null)),
            Max = Bound(max ?? (isOldRight ? oldMax : null)),
            IsMinExact = isMinExact,
            IsMaxExact = isMaxExact,
            NullCount = nulls,
            DistinctCount = distinct,
        };
    }

    // A null array would become an empty bound through the implicit conversion.
    private static ReadOnlyMemory<byte>? Bound(byte[]? bytes) => bytes is null ? null : (ReadOnlyMemory<byte>?)bytes.AsMemory();

    private static void ReadOrder(ref ThriftReader reader, ThriftType type, List<Leaf> leaves, List<SortingColumn> into)
    {
        int count = reader.ReadList(type, ThriftType.Struct);
        for (int i = 0; i < count; i++)
        {
            int column = -1;
            bool isDescending = false;
            bool nullsFirst = false;
            int id = 0;
            for (ThriftType field = reader.ReadField(ref id); field != ThriftType.Stop; field = reader.ReadField(ref id))
            {
                switch (id)
                {
                    case 1: column = reader.ReadI32(field); break;
                    case 2: isDescending = ThriftReader.ReadBool(field); break;
                    case 3: nullsFirst = ThriftReader.ReadBool(field); break;
                    default: reader.Skip(field); break;
                }
            }

            if (column >= 0 && column < leaves.Count)
            {
                into.Add(new SortingColumn(leaves[column].Path, isDescending, nullsFirst));
            }
        }
    }
}
