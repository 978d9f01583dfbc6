namespace OrleansLake.Parquet.Internal.Format;

/// <summary>A node of the schema tree (parquet.thrift, <c>SchemaElement</c>).</summary>
internal sealed class SchemaElement
{
    private const int ConvertedNone = -1;
    private const int RepetitionOptional = 1;
    private const int RepetitionRepeated = 2;

    public string Name { get; private set; } = "";

    public int ChildCount { get; private set; }

    public PhysicalType? Type { get; private set; }

    private int _typeLength;
    private int _repetition;
    private int _converted = ConvertedNone;
    private int _logical;
    private bool _isAdjustedToUtc = true;
    private int _unit;
    private bool _isSigned = true;
    private int _bits;

    public static SchemaElement Read(ref ThriftReader reader)
    {
        var element = new SchemaElement();
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            switch (id)
            {
                case 1: element.Type = ReadPhysicalType(reader.ReadI32(type)); break;
                case 2: element._typeLength = reader.ReadI32(type); break;
                case 3: element._repetition = reader.ReadI32(type); break;
                case 4: element.Name = reader.ReadString(type); break;
                case 5: element.ChildCount = reader.ReadI32(type); break;
                case 6: element._converted = reader.ReadI32(type); break;
                case 10: ThriftReader.Expect(type, ThriftType.Struct); element.ReadLogicalType(ref reader); break;
                default: reader.Skip(type); break;
            }
        }

        return element;
    }

    public static PhysicalType ReadPhysicalType(int number) => number is >= 0 and <= 7
        ? (PhysicalType)number
        : throw ParquetException.Corrupt($"The metadata has a column of the unknown physical type {number}.");

    /// <summary>The column that this element is, a leaf at some depth below the root (1: no nesting).</summary>
    public Leaf ToLeaf(string path, int depth)
    {
        PhysicalType stored = Type ?? throw ParquetException.Corrupt($"The schema's column '{path}' has no type.");
        if (stored == PhysicalType.FixedLengthByteArray && _typeLength is <= 0 or > 1 << 20)
        {
            throw ParquetException.Corrupt($"The schema's column '{path}' has a length of {_typeLength}.");
        }

        bool isOptional = _repetition == RepetitionOptional;
        string? refusal = depth > 1 || _repetition == RepetitionRepeated ? "is nested or repeated, which is not read" : null;
        TimestampUnit unit = UnitOf(stored);
        ParquetType? meaning = refusal is null ? Meaning(stored, unit) : null;
        refusal ??= meaning is null ? $"is a {stored} of a meaning that is not read (logical type {_logical}, converted type {_converted})" : null;
        return new Leaf
        {
            Path = path,
            StoredAs = stored,
            FixedLength = _typeLength,
            IsOptional = isOptional,
            IsUnsigned = _converted is 13 or 14 || (_logical == 10 && !_isSigned && _bits >= 32),
            Unit = unit,
            Refusal = refusal,
            Field = meaning is null ? null : new ParquetField(path, meaning.Value, !isOptional)
            {
                StoredAs = stored,
                IsAdjustedToUtc = meaning != ParquetType.TimestampMicros || stored == PhysicalType.Int96 || _logical != 8 || _isAdjustedToUtc,
            },
        };
    }

    // LogicalType's field numbers: 1 STRING, 4 ENUM, 6 DATE, 8 TIMESTAMP, 10 INTEGER, 11 UNKNOWN, 12 JSON, 13 BSON,
    // 14 UUID. ConvertedType's numbers: 0 UTF8, 4 ENUM, 6 DATE, 9 and 10 TIMESTAMP, 11 to 18 integers, 19 JSON, 20 BSON.
    private ParquetType? Meaning(PhysicalType stored, TimestampUnit unit)
    {
        bool isPlain = _logical is 0 or 11 && _converted == ConvertedNone;
        bool isInteger = _logical is 10 || (_logical is 0 && _converted is >= 11 and <= 18);
        bool isDate = _logical == 6 || (_logical == 0 && _converted == 6);
        return stored switch
        {
            PhysicalType.Boolean => ParquetType.Boolean,
            PhysicalType.Int96 => ParquetType.TimestampMicros,
            PhysicalType.Float when isPlain => ParquetType.Float,
            PhysicalType.Double when isPlain => ParquetType.Double,
            PhysicalType.Int32 when isDate => ParquetType.Date,
            PhysicalType.Int32 when isInteger && (_converted == 13 || (!_isSigned && _bits == 32)) => ParquetType.Int64,
            PhysicalType.Int32 when isPlain || isInteger => ParquetType.Int32,
            PhysicalType.Int64 when unit != TimestampUnit.None => ParquetType.TimestampMicros,
            PhysicalType.Int64 when isPlain || isInteger => ParquetType.Int64,
            PhysicalType.ByteArray when _logical is 1 or 4 or 12 || (_logical == 0 && _converted is 0 or 4 or 19) => ParquetType.String,
            PhysicalType.ByteArray when isPlain || _logical == 13 || _converted == 20 => ParquetType.Binary,
            PhysicalType.FixedLengthByteArray when isPlain || _logical == 14 => ParquetType.Binary,
            _ => null,
        };
    }

    private TimestampUnit UnitOf(PhysicalType stored) => stored switch
    {
        PhysicalType.Int96 => TimestampUnit.Int96,
        PhysicalType.Int64 when _logical == 8 => _unit switch
        {
            1 => TimestampUnit.Millis,
            2 => TimestampUnit.Micros,
            3 => TimestampUnit.Nanos,
            _ => TimestampUnit.None,
        },
        PhysicalType.Int64 when _logical == 0 && _converted == 9 => TimestampUnit.Millis,
        PhysicalType.Int64 when _logical == 0 && _converted == 10 => TimestampUnit.Micros,
        _ => TimestampUnit.None,
    };

    private void ReadLogicalType(ref ThriftReader reader)
    {
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            _logical = id;
            ThriftReader.Expect(type, ThriftType.Struct);
            ReadLogicalDetails(ref reader, id);
        }
    }

    private void ReadLogicalDetails(ref ThriftReader reader, int logical)
    {
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            switch (logical, id)
            {
                case (8, 1): _isAdjustedToUtc = ThriftReader.ReadBool(type); break;
                case (8, 2): ThriftReader.Expect(type, ThriftType.Struct); ReadUnit(ref reader); break;
                case (10, 1): ThriftReader.Expect(type, ThriftType.I8); _bits = reader.ReadByte(); break;
                case (10, 2): _isSigned = ThriftReader.ReadBool(type); break;
                default: reader.Skip(type); break;
            }
        }
    }

    private void ReadUnit(ref ThriftReader reader)
    {
        int id = 0;
        for (ThriftType type = reader.ReadField(ref id); type != ThriftType.Stop; type = reader.ReadField(ref id))
        {
            _unit = id;
            reader.Skip(type);
        }
    }
}
