namespace OrleansLake.Parquet.Internal.Format;

/// <summary>A file's footer, read and checked (parquet.thrift, <c>FileMetaData</c>).</summary>
internal sealed class Footer
{
    private const int DepthMax = 64;

    private readonly List<SchemaElement> _elements = [];
    private readonly Dictionary<string, string> _keyValues = new(StringComparer.Ordinal);
    private readonly List<RowGroupMetadata> _rowGroups = [];

    public List<Leaf> Leaves { get; } = [];

    /// <summary>Gets the columns at the top of the schema, groups too.</summary>
    public List<ParquetColumn> Columns { get; } = [];

    /// <summary>Gets a value indicating whether bounds of a leaf are in its type's order (parquet.thrift, <c>ColumnOrder</c>).</summary>
    public List<bool> HasTypeOrder { get; } = [];

    public ParquetFileMetadata Metadata { get; private set; } = null!;

    /// <summary>Reads a footer.</summary>
    /// <param name="bytes">The footer without its length and magic bytes.</param>
    /// <param name="fileBytes">The file's size.</param>
    /// <exception cref="ParquetException">It contradicts the format or itself.</exception>
    public static Footer Read(ReadOnlySpan<byte> bytes, long fileBytes)
    {
        var reader = new ThriftReader(bytes);
        var footer = new Footer();
        int version = 0;
        long rows = -1;
        string? createdBy = null;
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            switch (id)
            {
                case 1: version = reader.ReadI32(type); break;
                case 2: footer.ReadSchema(ref reader, type); break;
                case 3: rows = reader.ReadI64(type); break;
                case 4: footer.ReadRowGroups(ref reader, type, fileBytes); break;
                case 5: footer.ReadKeyValues(ref reader, type); break;
                case 6: createdBy = reader.ReadString(type); break;
                case 7: footer.ReadColumnOrders(ref reader, type); break;
                case 8: throw ParquetException.Unsupported("The file is encrypted.");
                default: reader.Skip(type); break;
            }
        }

        if (rows < 0 || footer._elements.Count == 0)
        {
            throw ParquetException.Corrupt("The footer lacks the schema or the number of rows.");
        }

        long sum = 0;
        foreach (RowGroupMetadata group in footer._rowGroups)
        {
            sum += group.RowCount;
        }

        if (sum != rows)
        {
            throw ParquetException.Corrupt($"The footer promises {rows} rows, its row groups hold {sum}.");
        }

        footer.Metadata = new ParquetFileMetadata(fileBytes, version, createdBy, rows, footer._rowGroups, footer._keyValues);
        return footer;
    }

    private Footer()
    {
    }

    private void ReadSchema(ref ThriftReader reader, ThriftType type)
    {
        int count = reader.ReadList(type, ThriftType.Struct);
        for (int i = 0; i < count; i++)
        {
            _elements.Add(SchemaElement.Read(ref reader));
        }

        if (count == 0)
        {
            throw ParquetException.Corrupt("The schema is empty.");
        }

        int next = 1;
        for (int child = 0; child < _elements[0].ChildCount; child++)
        {
            Columns.Add(ReadTree(ref next, "", 1, 0, 0));
        }

        if (next != count)
        {
            throw ParquetException.Corrupt("The schema's tree is not whole.");
        }
    }

    private ParquetColumn ReadTree(ref int next, string prefix, int depth, int definition, int repetition)
    {
        if (next >= _elements.Count || depth > DepthMax)
        {
            throw ParquetException.Corrupt("The schema's tree is not whole.");
        }

        SchemaElement element = _elements[next++];
        string path = prefix + element.Name;
        definition += element.IsOptional || element.IsRepeated ? 1 : 0;
        repetition += element.IsRepeated ? 1 : 0;
        if (element.Type is not null)
        {
            Leaves.Add(element.ToLeaf(path, depth, definition, repetition));
            return element.ToColumn(prefix, definition, repetition, Leaves.Count - 1, []);
        }

        var fields = new List<ParquetColumn>();
        for (int child = 0; child < element.ChildCount; child++)
        {
            fields.Add(ReadTree(ref next, path + ".", depth + 1, definition, repetition));
        }

        return element.ToColumn(prefix, definition, repetition, -1, fields);
    }

    private void ReadRowGroups(ref ThriftReader reader, ThriftType type, long fileBytes)
    {
        int count = reader.ReadList(type, ThriftType.Struct);
        for (int i = 0; i < count; i++)
        {
            try
            {
                _rowGroups.Add(RowGroupParser.Read(ref reader, Leaves, fileBytes));
            }
            catch (ParquetException e)
            {
                throw e.At(null, rowGroup: i);
            }
        }
    }

    private void ReadColumnOrders(ref ThriftReader reader, ThriftType type)
    {
        int count = reader.ReadList(type, ThriftType.Struct);
        for (int i = 0; i < count; i++)
        {
            bool isTypeOrder = false;
            int id = 0;
            for (ThriftType choice = reader.ReadField(ref id); choice != ThriftType.Stop; choice = reader.ReadField(ref id))
            {
                isTypeOrder |= id == 1;
                reader.Skip(choice);
            }

            HasTypeOrder.Add(isTypeOrder);
        }
    }

    private void ReadKeyValues(ref ThriftReader reader, ThriftType type)
    {
        int count = reader.ReadList(type, ThriftType.Struct);
        for (int i = 0; i < count; i++)
        {
            string key = "";
            string value = "";
            int id = 0;
            for (ThriftType field = reader.ReadField(ref id); field != ThriftType.Stop; field = reader.ReadField(ref id))
            {
                switch (id)
                {
                    case 1: key = reader.ReadString(field); break;
                    case 2: value = reader.ReadString(field); break;
                    default: reader.Skip(field); break;
                }
            }

            _keyValues[key] = value;
        }
    }
}
