namespace OrleansLake.Parquet.Internal.Format;

/// <summary>The head of a page (parquet.thrift, <c>PageHeader</c>), of either version.</summary>
internal struct PageHeader
{
    public const int DataPage = 0;
    public const int DictionaryPage = 2;
    public const int DataPageV2 = 3;

    public int Type;
    public int UncompressedBytes;
    public int CompressedBytes;
    public int? Crc;
    public int ValueCount;
    public int NullCount;
    public PageEncoding Encoding;
    public PageEncoding DefinitionEncoding;
    public PageEncoding RepetitionEncoding;
    public int DefinitionBytes;
    public int RepetitionBytes;
    public bool IsCompressed;

    public static PageHeader Read(ref ThriftReader reader)
    {
        var header = new PageHeader { Type = -1, UncompressedBytes = -1, CompressedBytes = -1, ValueCount = -1, IsCompressed = true };
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            switch (id)
            {
                case 1: header.Type = reader.ReadI32(type); break;
                case 2: header.UncompressedBytes = reader.ReadI32(type); break;
                case 3: header.CompressedBytes = reader.ReadI32(type); break;
                case 4: header.Crc = reader.ReadI32(type); break;
                case 5: ThriftReader.Expect(type, ThriftType.Struct); header.ReadDataPage(ref reader); break;
                case 7: ThriftReader.Expect(type, ThriftType.Struct); header.ReadDictionaryPage(ref reader); break;
                case 8: ThriftReader.Expect(type, ThriftType.Struct); header.ReadDataPageV2(ref reader); break;
                default: reader.Skip(type); break;
            }
        }

        if (header.Type < 0 || header.UncompressedBytes < 0 || header.CompressedBytes < 0)
        {
            throw ParquetException.Corrupt("A page's header lacks its type or its size.");
        }

        bool hasValues = header.Type is DataPage or DictionaryPage or DataPageV2;
        return hasValues && header.ValueCount < 0
            ? throw ParquetException.Corrupt("A page's header lacks its number of values.")
            : header;
    }

    private void ReadDataPage(ref ThriftReader reader)
    {
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            switch (id)
            {
                case 1: ValueCount = reader.ReadI32(type); break;
                case 2: Encoding = (PageEncoding)reader.ReadI32(type); break;
                case 3: DefinitionEncoding = (PageEncoding)reader.ReadI32(type); break;
                case 4: RepetitionEncoding = (PageEncoding)reader.ReadI32(type); break;
                default: reader.Skip(type); break;
            }
        }
    }

    private void ReadDictionaryPage(ref ThriftReader reader)
    {
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            switch (id)
            {
                case 1: ValueCount = reader.ReadI32(type); break;
                case 2: Encoding = (PageEncoding)reader.ReadI32(type); break;
                default: reader.Skip(type); break;
            }
        }
    }

    private void ReadDataPageV2(ref ThriftReader reader)
    {
        int id = 0;
        DefinitionEncoding = PageEncoding.Rle;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            switch (id)
            {
                case 1: ValueCount = reader.ReadI32(type); break;
                case 2: NullCount = reader.ReadI32(type); break;
                case 4: Encoding = (PageEncoding)reader.ReadI32(type); break;
                case 5: DefinitionBytes = reader.ReadI32(type); break;
                case 6: RepetitionBytes = reader.ReadI32(type); break;
                case 7: IsCompressed = ThriftReader.ReadBool(type); break;
                default: reader.Skip(type); break;
            }
        }
    }
}
