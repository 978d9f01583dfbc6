using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>Writes a report's rows as text, all in UTF-8.</summary>
internal sealed class ReportWriter
{
    private static readonly SearchValues<byte> JsonEscaped = SearchValues.Create(
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\"\\"u8);

    private static readonly SearchValues<byte> CsvQuoted = SearchValues.Create(",\"\r\n"u8);

    private readonly ReportTable _table;
    private readonly IBufferWriter<byte> _destination;
    private readonly ReadOnlyMemory<byte> _absent;
    private readonly byte[][] _jsonNames;   // "name":, with the comma or brace before it

    public ReportWriter(ReportTable table, IBufferWriter<byte> destination)
    {
        _table = table;
        _destination = destination;
        _absent = table.Definition.AbsentCell == AbsentCell.Zero ? "0"u8.ToArray() : "null"u8.ToArray();
        _jsonNames = new byte[table.Columns.Count][];
        for (int i = 0; i < _jsonNames.Length; i++)
        {
            var name = new ArrayBufferWriter<byte>();
            name.Write(i == 0 ? "{"u8 : ","u8);
            WriteJsonText(name, Encoding.UTF8.GetBytes(table.Columns[i].Name));
            name.Write(":"u8);
            _jsonNames[i] = name.WrittenSpan.ToArray();
        }
    }

    public void WriteNdjson()
    {
        for (int row = 0; row < _table.RowCount; row++)
        {
            WriteJsonRow(row);
            _destination.Write("\n"u8);
        }
    }

    public void WriteJson()
    {
        _destination.Write("["u8);
        for (int row = 0; row < _table.RowCount; row++)
        {
            _destination.Write(row == 0 ? "\n"u8 : ",\n"u8);
            WriteJsonRow(row);
        }

        _destination.Write("\n]\n"u8);
    }

    /// <summary>Writes an array in one line, as events of a stream have it.</summary>
    public void WriteJsonLine(bool keysOnly)
    {
        _destination.Write("["u8);
        for (int row = 0; row < _table.RowCount; row++)
        {
            _destination.Write(row == 0 ? ""u8 : ","u8);
            if (keysOnly)
            {
                WriteJsonKeys(row);
            }
            else
            {
                WriteJsonRow(row);
            }
        }

        _destination.Write("]"u8);
    }

    public void WriteJsonKeys(int row)
    {
        for (int key = 0; key < _table.KeyCount; key++)
        {
            _destination.Write(_jsonNames[key]);
            WriteJsonKey(row, key);
        }

        _destination.Write("}"u8);
    }

    public void WriteCsv()
    {
        for (int i = 0; i < _table.Columns.Count; i++)
        {
            _destination.Write(i == 0 ? ""u8 : ","u8);
            WriteCsvText(Encoding.UTF8.GetBytes(_table.Columns[i].Name));
        }

        _destination.Write("\r\n"u8);
        ReadOnlySpan<byte> absent = _table.Definition.AbsentCell == AbsentCell.Zero ? "0"u8 : ""u8;
        for (int row = 0; row < _table.RowCount; row++)
        {
            WriteCells(row, absent, isJson: false);
            _destination.Write("\r\n"u8);
        }
    }

    private void WriteJsonRow(int row)
    {
        WriteCells(row, _absent.Span, isJson: true);
        _destination.Write("}"u8);
    }

    private void WriteCells(int row, ReadOnlySpan<byte> absent, bool isJson)
    {
        ReadOnlySpan<int> cellColumns = _table.CellColumns(row);
        ReadOnlySpan<long> cellCounts = _table.CellCounts(row);
        int cell = 0;
        int counted = 0;
        for (int i = 0; i < _table.Columns.Count; i++)
        {
            _destination.Write(isJson ? _jsonNames[i] : i == 0 ? ""u8 : ","u8);
            if (i < _table.KeyCount && isJson)
            {
                WriteJsonKey(row, i);
            }
            else if (i < _table.KeyCount)
            {
                WriteCsvKey(row, i);
            }
            else if (i == _table.TotalIndex)
            {
                WriteNumber(_table.Totals[row]);
            }
            else if (cell < cellColumns.Length && cellColumns[cell] == counted++)
            {
                WriteNumber(cellCounts[cell++]);
            }
            else
            {
                _destination.Write(absent);
            }
        }
    }

    private void WriteJsonKey(int row, int column)
    {
        switch (_table.Columns[column].Type)
        {
            case ReportColumnType.Text when !_table.Texts(column).IsNull(row):
                WriteJsonText(_destination, _table.Texts(column)[row]);
                break;
            case ReportColumnType.Date when !_table.Numbers(column).IsNull(row):
                _destination.Write("\""u8);
                WriteDate(_table.Numbers(column).Values[row]);
                _destination.Write("\""u8);
                break;
            case ReportColumnType.Number when !_table.Numbers(column).IsNull(row):
                WriteNumber(_table.Numbers(column).Values[row]);
                break;
            case ReportColumnType.LongNumber when !_table.LongNumbers(column).IsNull(row):
                WriteJsonNumber(_table.LongNumbers(column).Values[row]);
                break;
            default:
                _destination.Write("null"u8);
                break;
        }
    }

    private void WriteCsvKey(int row, int column)
    {
        if (_table.Columns[column].Type == ReportColumnType.Text)
        {
            TextColumn texts = _table.Texts(column);
            if (!texts.IsNull(row))
            {
                WriteCsvText(texts[row]);
            }
        }
        else if (_table.Columns[column].Type == ReportColumnType.LongNumber)
        {
            if (!_table.LongNumbers(column).IsNull(row))
            {
                WriteNumber(_table.LongNumbers(column).Values[row]);
            }
        }
        else if (!_table.Numbers(column).IsNull(row))
        {
            int value = _table.Numbers(column).Values[row];
            if (_table.Columns[column].Type == ReportColumnType.Date)
            {
                WriteDate(value);
            }
            else
            {
                WriteNumber(value);
            }
        }
    }

    private void WriteDate(int days)
    {
        Span<byte> text = _destination.GetSpan(10);
        var date = DateOnly.FromDayNumber(days + LakeReports.DayNumberOf1970);
        date.TryFormat(text, out int written, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        _destination.Advance(written);
    }

    private void WriteJsonNumber(long value)
    {
        ReadOnlySpan<byte> quote = new IdValue(value).IsExactInJavaScript ? ""u8 : "\""u8;
        _destination.Write(quote);
        WriteNumber(value);
        _destination.Write(quote);
    }

    private void WriteNumber(long value)
    {
        Utf8Formatter.TryFormat(value, _destination.GetSpan(20), out int written);
        _destination.Advance(written);
    }

    /// <summary>Writes a text as Python does, which escapes quotation mark, backslash and the control characters below U+0020,
    /// nothing else.</summary>
    private static void WriteJsonText(IBufferWriter<byte> destination, ReadOnlySpan<byte> text)
    {
        destination.Write("\""u8);
        while (text.Length > 0)
        {
            int plain = text.IndexOfAny(JsonEscaped);
            if (plain < 0)
            {
                destination.Write(text);
                break;
            }

            destination.Write(text[..plain]);
            byte c = text[plain];
            text = text[(plain + 1)..];
            switch (c)
            {
                case (byte)'"':
                    destination.Write("\\\""u8);
                    break;
                case (byte)'\\':
                    destination.Write("\\\\"u8);
                    break;
                case (byte)'\n':
                    destination.Write("\\n"u8);
                    break;
                case (byte)'\r':
                    destination.Write("\\r"u8);
                    break;
                case (byte)'\t':
                    destination.Write("\\t"u8);
                    break;
                case (byte)'\b':
                    destination.Write("\\b"u8);
                    break;
                case (byte)'\f':
                    destination.Write("\\f"u8);
                    break;
                default:
                    destination.Write("\\u00"u8);
                    destination.Write([HexDigit(c >> 4), HexDigit(c & 15)]);
                    break;
            }
        }

        destination.Write("\""u8);
    }

    private static byte HexDigit(int value) => "0123456789abcdef"u8[value];

    private void WriteCsvText(ReadOnlySpan<byte> text)
    {
        if (text.Length > 0 && text.IndexOfAny(CsvQuoted) < 0)
        {
            _destination.Write(text);
            return;
        }

        _destination.Write("\""u8);
        int quote;
        while ((quote = text.IndexOf((byte)'"')) >= 0)
        {
            _destination.Write(text[..(quote + 1)]);
            _destination.Write("\""u8);
            text = text[(quote + 1)..];
        }

        _destination.Write(text);
        _destination.Write("\""u8);
    }
}
