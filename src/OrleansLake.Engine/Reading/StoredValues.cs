using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Unicode;
using OrleansLake.Core.Messages;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>One column of one row group as it is stored, and what its rows are.</summary>
internal sealed class StoredValues
{
    // 256 bits, and as much again for signs that were written out.
    private const int DecimalBytesMax = 64;

    private readonly Int32Buffer? _int32;
    private readonly Int64Buffer? _int64;
    private readonly FloatBuffer? _float;
    private readonly DoubleBuffer? _double;
    private readonly ColumnBuffer _rows;
    private bool[]? _notUtf8;
    private bool _isUtf8Checked;

    private StoredValues(ParquetColumn column, ColumnBuffer rows)
    {
        Column = column;
        _rows = rows;
        _int32 = rows as Int32Buffer;
        _int64 = rows as Int64Buffer;
        _float = rows as FloatBuffer;
        _double = rows as DoubleBuffer;
        Bytes = rows as BytesBuffer;
    }

    /// <summary>Gets the columns that the file declares.</summary>
    internal ParquetColumn Column { get; }

    /// <summary>Gets the text or bytes, if that is what is stored.</summary>
    internal BytesBuffer? Bytes { get; }

    /// <summary>Gets the integers of 32 bits, if these are stored.</summary>
    internal Int32Buffer? Int32 => _int32;

    /// <summary>Gets the integers of 64 bits or an INT96's microseconds, if these are stored.</summary>
    internal Int64Buffer? Int64 => _int64;

    /// <summary>Gets the number of rows.</summary>
    internal int Count => _rows.Count;

    /// <summary>Gets the number of rows that are null.</summary>
    internal int NullCount => _rows.NullCount;

    /// <summary>Gets a value indicating whether all rows are null.</summary>
    internal bool HoldsNullsOnly => _rows.NullCount == _rows.Count;

    /// <summary>Gets, of a column with any number of values a row, at which level each value is one more; empty for others.</summary>
    internal ReadOnlySpan<byte> Repetitions => _rows.RepetitionLevels;

    internal bool IsNull(int row) => _rows.IsNull(row);

    /// <summary>Returns how far there is a value, of the column and the groups around it.</summary>
    internal int LevelOf(int row) => _rows.DefinitionLevels.IsEmpty ? Column.DefinitionLevel - (_rows.IsNull(row) ? 1 : 0) : _rows.DefinitionLevels[row];

    /// <exception cref="ParquetException">The row group is damaged.</exception>
    internal static StoredValues Read(ParquetReader reader, int rowGroup, ParquetColumn column)
    {
        ColumnBuffer rows = column.StoredAs switch
        {
            PhysicalType.Int32 => new Int32Buffer(),
            PhysicalType.Int64 or PhysicalType.Int96 => new Int64Buffer(),
            PhysicalType.Float => new FloatBuffer(),
            PhysicalType.Double => new DoubleBuffer(),
            PhysicalType.Boolean => new BooleanBuffer(),
            _ => new BytesBuffer(),
        };
        reader.ReadStored(rowGroup, column, rows);
        return new StoredValues(column, rows);
    }

    /// <summary>Returns the entries of text (<see cref="BytesBuffer.EntryCount"/>) are not UTF-8; null if all are.</summary>
    /// <remarks>Entries are UTF-8 one by one if all of them together are and none starts in the middle of a character.</remarks>
    internal bool[]? NotUtf8()
    {
        if (!_isUtf8Checked)
        {
            _notUtf8 = FindNotUtf8();
            _isUtf8Checked = true;
        }

        return _notUtf8;
    }

    /// <summary>Returns an integer of at most 64 bits, signed or not.</summary>
    internal Int128 Integer(int row) => _int32 is not null
        ? (Column.IsUnsigned ? (uint)_int32.Values[row] : _int32.Values[row])
        : Column.IsUnsigned ? (ulong)_int64!.Values[row] : _int64!.Values[row];

    /// <summary>Returns a truth value.</summary>
    internal bool Truth(int row) => ((BooleanBuffer)_rows).Values[row];

    /// <summary>Returns, of a column in a struct, whether that struct is null.</summary>
    internal bool IsNull(ParquetColumn around, int row) =>
        around.DefinitionLevel > 0 && (_rows.DefinitionLevels.IsEmpty ? _rows.IsNull(row) : _rows.DefinitionLevels[row] < around.DefinitionLevel);

    /// <summary>Returns a decimal's digits, without its point; null if it is too long to be one.</summary>
    internal BigInteger? Unscaled(int row) => _int32 is not null ? _int32.Values[row]
        : _int64 is not null ? _int64.Values[row]
        : Bytes![row].Length <= DecimalBytesMax ? new BigInteger(Bytes[row], isUnsigned: false, isBigEndian: true) : null;

    /// <summary>Returns a number of floating point.</summary>
    internal double Real(int row) => _double is not null ? _double.Values[row]
        : _float is not null ? _float.Values[row] : (double)HalfAt(row);

    /// <summary>Returns a UUID.</summary>
    internal MessageIdBits Uuid(int row)
    {
        ReadOnlySpan<byte> bytes = Bytes![row];
        return new MessageIdBits(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    /// <summary>Returns a number or a UUID as text; null for a decimal that is too long.</summary>
    internal string? Text(int row, ValueForm form)
    {
        switch (form)
        {
            case ValueForm.Integers:
                return Integer(row).ToString(CultureInfo.InvariantCulture);
            case ValueForm.Decimals:
                return Unscaled(row) is { } unscaled ? DecimalText(unscaled, Column.Scale) : null;
            case ValueForm.Reals:
                return _double is not null ? RealText.Of(_double.Values[row])
                    : _float is not null ? RealText.Of(_float.Values[row]) : RealText.Of(HalfAt(row));
            default:
                Span<byte> text = stackalloc byte[UuidText.Length];
                UuidText.Format(Uuid(row), text);
                return Encoding.ASCII.GetString(text);
        }
    }

    private bool[]? FindNotUtf8()
    {
        ReadOnlySpan<byte> bytes = Bytes!.Bytes;
        if (Ascii.IsValid(bytes))
        {
            return null;
        }

        ReadOnlySpan<int> offsets = Bytes.Offsets;
        bool isValid = Utf8.IsValid(bytes);
        for (int i = 0; isValid && i < Bytes.EntryCount; i++)
        {
            isValid = offsets[i] == offsets[i + 1] || (bytes[offsets[i]] & 0xC0) != 0x80;
        }

        if (isValid)
        {
            return null;
        }

        bool[] bad = new bool[Bytes.EntryCount];
        for (int i = 0; i < bad.Length; i++)
        {
            bad[i] = !Utf8.IsValid(bytes[offsets[i]..offsets[i + 1]]);
        }

        return bad;
    }

    private Half HalfAt(int row) => BinaryPrimitives.ReadHalfLittleEndian(Bytes![row]);

    private static string DecimalText(BigInteger unscaled, int scale)
    {
        string digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return (unscaled.Sign < 0 ? "-" : "") + (scale == 0 ? digits : digits[..^scale] + "." + digits[^scale..]);
    }
}
