using OrleansLake.Parquet.Metadata;

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

    /// <summary>Gets a value indicating whether it may be null.</summary>
    public bool IsOptional => _repetition == RepetitionOptional;

    /// <summary>Gets a value indicating whether a row has any number of it.</summary>
    public bool IsRepeated => _repetition == RepetitionRepeated;

    private int _typeLength;
    private int _repetition;
    private int _converted = ConvertedNone;
    private int _logical;
    private bool _isAdjustedToUtc = true;
    private int _unit;
    private bool _isSigned = true;
    private int _bits;
    private int _precision;
    private int _scale;

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
                case 7: element._scale = reader.ReadI32(type); break;
                case 8: element._precision = reader.ReadI32(type); break;
                case 10: ThriftReader.Expect(type, ThriftType.Struct); element.ReadLogicalType(ref reader); break;
                default: reader.Skip(type); break;
            }
        }

        return element;
    }

    public static PhysicalType ReadPhysicalType(int number) => number is >= 0 and <= 7
        ? (PhysicalType)number
        : throw ParquetException.Corrupt($"The metadata has a column of the unknown physical type {number}.");

    /// <summary>Returns the column that this element is.</summary>
    /// <param name="path">Its name, with those of the groups around it.</param>
    /// <param name="depth">How deep it is below the root; 1: it is in no group.</param>
    /// <param name="definitionMax">How many of it and the groups around it may be null or repeated.</param>
    /// <param name="repetitionMax">How many of them are repeated.</param>
    public Leaf ToLeaf(string path, int depth, int definitionMax, int repetitionMax)
    {
        PhysicalType stored = Type ?? throw ParquetException.Corrupt($"The schema's column '{path}' has no type.");
        if (stored == PhysicalType.FixedLengthByteArray && _typeLength is <= 0 or > 1 << 20)
        {
            throw ParquetException.Corrupt($"The schema's column '{path}' has a length of {_typeLength}.");
        }

        string? refusal = depth > 1 || repetitionMax > 0 ? "is nested or repeated, which is not read" : null;
        TimestampUnit unit = UnitOf(stored);
        ParquetType? meaning = refusal is null ? Meaning(stored, unit) : null;
        refusal ??= meaning is null ? $"is a {stored} of a meaning that is not read (logical type {_logical}, converted type {_converted})" : null;
        return new Leaf
        {
            Path = path,
            StoredAs = stored,
            FixedLength = _typeLength,
            DefinitionMax = definitionMax,
            RepetitionMax = repetitionMax,
            IsUnsigned = _converted is 13 or 14 || (_logical == 10 && !_isSigned && _bits >= 32),
            Unit = unit,
            Refusal = refusal,
            Field = meaning is null ? null : new ParquetField(path, meaning.Value, !IsOptional)
            {
                StoredAs = stored,
                IsAdjustedToUtc = meaning != ParquetType.TimestampMicros || stored == PhysicalType.Int96 || _logical != 8 || _isAdjustedToUtc,
            },
        };
    }

    /// <summary>Returns the column as the file declares it.</summary>
    /// <param name="groups">The names of the groups around it, each with a dot after it.</param>
    /// <param name="definitionLevel">How many of it and the groups around it may be null or repeated.</param>
    /// <param name="repetitionLevel">How many of them are repeated.</param>
    /// <param name="leaf">Where it is among the leaves; -1 if it is a group.</param>
    /// <param name="fields">The columns in it, if it is a group.</param>
    public ParquetColumn ToColumn(string groups, int definitionLevel, int repetitionLevel, int leaf, IReadOnlyList<ParquetColumn> fields)
    {
        LogicalType logical = Declared();
        bool isPlainInteger = logical == LogicalType.Integer;
        return new ParquetColumn
        {
            Name = Name,
            StoredAs = Type,
            Logical = logical,
            FixedLength = Type == PhysicalType.FixedLengthByteArray ? _typeLength : 0,
            Precision = logical == LogicalType.Decimal ? _precision : 0,
            Scale = logical == LogicalType.Decimal ? _scale : 0,
            Bits = isPlainInteger ? BitsOfInteger() : 0,
            IsUnsigned = isPlainInteger && (_logical == 10 ? !_isSigned : _converted is >= 11 and <= 14),
            Unit = UnitOfTime(logical),
            IsAdjustedToUtc = logical is LogicalType.Time or LogicalType.Timestamp && _isAdjustedToUtc,
            IsRepeated = IsRepeated,
            DefinitionLevel = definitionLevel,
            RepetitionLevel = repetitionLevel,
            Fields = fields,
            Groups = groups,
            Leaf = leaf,
        };
    }

    // What is declared, if it goes with what is stored.
    private LogicalType Declared()
    {
        if (Type == PhysicalType.Int96)
        {
            return LogicalType.Timestamp;
        }

        LogicalType logical = _logical != 0 ? OfLogical(_logical) : OfConverted(_converted);
        bool fits = (Type, logical) switch
        {
            (_, LogicalType.None or LogicalType.Unknown) => true,
            (null, LogicalType.Map or LogicalType.List or LogicalType.Variant) => true,
            (PhysicalType.ByteArray, LogicalType.String or LogicalType.Enum or LogicalType.Json or LogicalType.Bson) => true,
            (PhysicalType.ByteArray, LogicalType.Geometry or LogicalType.Geography) => true,
            (PhysicalType.Int32 or PhysicalType.Int64 or PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray, LogicalType.Decimal) =>
                _scale >= 0 && _precision > 0 && _scale <= _precision,
            (PhysicalType.Int32, LogicalType.Date) => true,
            (PhysicalType.Int32, LogicalType.Time) => UnitOfTime(logical) == TimeUnit.Millis,
            (PhysicalType.Int64, LogicalType.Time) => UnitOfTime(logical) is TimeUnit.Micros or TimeUnit.Nanos,
            (PhysicalType.Int64, LogicalType.Timestamp) => UnitOfTime(logical) != TimeUnit.None,
            (PhysicalType.Int32, LogicalType.Integer) => BitsOfInteger() is 8 or 16 or 32,
            (PhysicalType.Int64, LogicalType.Integer) => BitsOfInteger() == 64,
            (PhysicalType.FixedLengthByteArray, LogicalType.Uuid) => _typeLength == 16,
            (PhysicalType.FixedLengthByteArray, LogicalType.Float16) => _typeLength == 2,
            (PhysicalType.FixedLengthByteArray, LogicalType.Interval) => _typeLength == 12,
            _ => false,
        };
        return !fits ? (Type is null ? LogicalType.Struct : LogicalType.Other)
            : Type is null && logical is LogicalType.None or LogicalType.Unknown ? LogicalType.Struct : logical;
    }

    private int BitsOfInteger() => _logical == 10 ? _bits : 8 << ((_converted - 11) & 3);

    private TimeUnit UnitOfTime(LogicalType logical) => logical switch
    {
        LogicalType.Time or LogicalType.Timestamp when _logical is 7 or 8 => _unit is >= 1 and <= 3 ? (TimeUnit)_unit : TimeUnit.None,
        LogicalType.Time => _converted == 7 ? TimeUnit.Millis : TimeUnit.Micros,
        LogicalType.Timestamp when Type == PhysicalType.Int64 => _converted == 9 ? TimeUnit.Millis : TimeUnit.Micros,
        _ => TimeUnit.None,
    };

    private static LogicalType OfLogical(int number) => number switch
    {
        1 => LogicalType.String,
        2 => LogicalType.Map,
        3 => LogicalType.List,
        4 => LogicalType.Enum,
        5 => LogicalType.Decimal,
        6 => LogicalType.Date,
        7 => LogicalType.Time,
        8 => LogicalType.Timestamp,
        10 => LogicalType.Integer,
        11 => LogicalType.Unknown,
        12 => LogicalType.Json,
        13 => LogicalType.Bson,
        14 => LogicalType.Uuid,
        15 => LogicalType.Float16,
        16 => LogicalType.Variant,
        17 => LogicalType.Geometry,
        18 => LogicalType.Geography,
        _ => LogicalType.Other,
    };

    private static LogicalType OfConverted(int number) => number switch
    {
        ConvertedNone => LogicalType.None,
        0 => LogicalType.String,
        1 or 2 => LogicalType.Map,
        3 => LogicalType.List,
        4 => LogicalType.Enum,
        5 => LogicalType.Decimal,
        6 => LogicalType.Date,
        7 or 8 => LogicalType.Time,
        9 or 10 => LogicalType.Timestamp,
        >= 11 and <= 18 => LogicalType.Integer,
        19 => LogicalType.Json,
        20 => LogicalType.Bson,
        21 => LogicalType.Interval,
        _ => LogicalType.Other,
    };

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
                case (5, 1): _scale = reader.ReadI32(type); break;
                case (5, 2): _precision = reader.ReadI32(type); break;
                case (7, 1): _isAdjustedToUtc = ThriftReader.ReadBool(type); break;
                case (7, 2): ThriftReader.Expect(type, ThriftType.Struct); ReadUnit(ref reader); break;
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
