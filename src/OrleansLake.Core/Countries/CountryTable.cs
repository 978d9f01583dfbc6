using System.Text;
using System.Text.Unicode;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Core.Countries;

/// <summary>The names of countries by their ids, numbers or texts. A value, built once; an id occurs in it at most once.</summary>
public sealed class CountryTable
{
    // A table of all numbers between the least and the greatest id is worth up to this many slots per id.
    private const int SlotsPerIdMax = 64;

    private readonly int[] _ids;
    private readonly TextColumn _names;

    // Row + 1 by id - _firstId, 0 where there is none; empty if the ids lie too far apart.
    private readonly int[] _rows;
    private readonly int _firstId;
    private readonly Dictionary<int, int> _rowsById = [];

    private CountryTable(NameTable codes, TextColumn names)
    {
        _ids = [];
        _rows = [];
        _names = names;
        Codes = codes;
    }

    private CountryTable(int[] ids, TextColumn names)
    {
        _ids = ids;
        _names = names;
        // Min and Max are vectors, which are compiled at every start: 5 ms for 16 ids.
        _firstId = ids.Length == 0 ? 0 : ids[0];
        int lastId = _firstId;
        foreach (int id in ids)
        {
            _firstId = Math.Min(_firstId, id);
            lastId = Math.Max(lastId, id);
        }

        long range = ids.Length == 0 ? 0 : (long)lastId - _firstId + 1;
        _rows = range <= (long)ids.Length * SlotsPerIdMax ? new int[range] : [];
        for (int row = 0; row < ids.Length; row++)
        {
            if (_rows.Length != 0)
            {
                _rows[ids[row] - _firstId] = row + 1;
            }
            else
            {
                _rowsById[ids[row]] = row;
            }
        }
    }

    /// <summary>Gets the countries of the notebook, 2000 to 2015.</summary>
    public static CountryTable Notebook { get; } = FromCsv(NotebookCsv);

    /// <summary>Gets the number of countries.</summary>
    public int Count => _names.Count;

    /// <summary>Gets the type of the ids.</summary>
    public IdType IdType => Codes is null ? IdType.Number32 : IdType.Text;

    /// <summary>Gets the ids that are texts: a country's code is its row; null if they are numbers.</summary>
    public NameTable? Codes { get; }

    /// <summary>Gets the ids that are numbers, in the order in which they were given.</summary>
    public ReadOnlySpan<int> Ids => _ids;

    /// <summary>Gets the names in UTF-8, in the same order.</summary>
    public TextColumn Names => _names;

    private static ReadOnlySpan<byte> NotebookCsv =>
        """
        country_id,country
        2000,Brazil
        2001,Portugal
        2002,Spain
        2003,Germany
        2004,France
        2005,Italy
        2006,United Kingdom
        2007,United States
        2008,Canada
        2009,Australia
        2010,Japan
        2011,China
        2012,India
        2013,South Korea
        2014,Russia
        2015,Argentina
        """u8;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads CSV (RFC 4180) with the columns <c>country_id</c> and <c>country</c>, in any order, others ignored.</summary>
    /// <param name="csv">The text.</param>
    /// <param name="type">The type of the ids.</param>
    /// <exception cref="FormatException">It is not such a CSV; the message names the line.</exception>
    public static CountryTable FromCsv(ReadOnlySpan<byte> csv, IdType type = IdType.Number32)
    {
        if (csv.StartsWith(ByteOrderMark))
        {
            csv = csv[ByteOrderMark.Length..];
        }

        var ids = new IdColumn();
        var names = new TextColumn();
        byte[] scratch = new byte[csv.Length];
        int columns = 0;
        int idColumn = -1;
        int nameColumn = -1;
        int line = 1;
        while (!csv.IsEmpty)
        {
            int end = default(CsvRecordScanner).NextRecordEnd(csv);
            ReadOnlySpan<byte> raw = csv[..(end == 0 ? csv.Length : end)];
            csv = csv[raw.Length..];
            ReadOnlySpan<byte> text = CsvParser.WithoutEnd(raw);
            if (!Utf8.IsValid(text))
            {
                throw Invalid(line, Utf8Fault.Describe("line", text));
            }

            if (columns == 0)
            {
                columns = ReadHeader(text, scratch, out idColumn, out nameColumn);
            }
            else if (!text.IsEmpty)
            {
                ReadRow(text, scratch, line, columns, idColumn, nameColumn, type, ids, names);
            }

            line += Math.Max(raw.Count((byte)'\n'), raw.Count((byte)'\r'));
        }

        return columns == 0
            ? throw Invalid(1, "the header country_id,country is missing")
            : FromRows(ids, names, type);
    }

    /// <summary>Takes rows, as a Parquet file holds them.</summary>
    /// <param name="ids">The ids, none of them null.</param>
    /// <param name="names">As many names, which the table keeps.</param>
    /// <param name="type">The type of the ids.</param>
    /// <exception cref="FormatException">An id occurs there twice, or a name is null.</exception>
    public static CountryTable FromRows(IdColumn ids, TextColumn names, IdType type = IdType.Number32)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentOutOfRangeException.ThrowIfNotEqual(names.Count, ids.Count);
        var known = new HashSet<int>();
        for (int row = 0; row < ids.Count; row++)
        {
            if (names.IsNull(row))
            {
                throw new FormatException($"The countries are not readable: row {row + 1} with country_id {ids[row]} has no country.");
            }

            if (!known.Add(ids.Values[row]))
            {
                // A left join would give each of its messages twice.
                throw new FormatException($"The countries are not readable: country_id {ids[row]} occurs there twice.");
            }
        }

        return type == IdType.Text ? new CountryTable(ids.Names ?? new NameTable(), names) : new CountryTable(ids.Values.ToArray(), names);
    }

    /// <summary>Returns a country's row, or -1 if there is none with that id.</summary>
    public int IndexOf(int countryId)
    {
        if (_rows.Length != 0)
        {
            uint slot = (uint)countryId - (uint)_firstId;
            return slot < (uint)_rows.Length ? _rows[slot] - 1 : -1;
        }

        return _rowsById.TryGetValue(countryId, out int row) ? row : -1;
    }

    /// <summary>Returns a country's row by the text of its id, or -1 if there is none with that id.</summary>
    public int IndexOf(ReadOnlySpan<byte> code) => Codes?.Find(code) ?? -1;

    /// <summary>Returns the country's row of a message, or -1 if it has none.</summary>
    public int IndexOf(IdColumn ids, int row)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return ids.IsNull(row) ? -1 : ids.Names is { } names ? IndexOf(names[ids.Values[row]]) : IndexOf(ids.Values[row]);
    }

    /// <summary>Returns a row's name in UTF-8.</summary>
    public ReadOnlySpan<byte> Name(int row) => _names[row];

    /// <summary>Returns the table as <see cref="FromCsv"/> reads it, rows in their order.</summary>
    public byte[] ToCsv()
    {
        var csv = new StringBuilder("country_id,country\n");
        for (int row = 0; row < Count; row++)
        {
            csv.Append(Codes is null ? _ids[row].ToString(System.Globalization.CultureInfo.InvariantCulture) : Quoted(Codes[row])).Append(',');
            csv.Append(Quoted(_names[row])).Append('\n');
        }

        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    private static string Quoted(ReadOnlySpan<byte> utf8)
    {
        string text = Encoding.UTF8.GetString(utf8);
        bool quoted = text.Length == 0 || text.AsSpan().IndexOfAny(",\"\r\n") >= 0;
        return quoted ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static int ReadHeader(ReadOnlySpan<byte> text, Span<byte> scratch, out int idColumn, out int nameColumn)
    {
        idColumn = -1;
        nameColumn = -1;
        var record = new CsvRecord(text, scratch, (byte)',');
        int column = 0;
        for (; record.TryNext(out ReadOnlySpan<byte> name, out _); column++)
        {
            if (name.SequenceEqual("country_id"u8))
            {
                idColumn = idColumn < 0 ? column : throw Invalid(1, "the header names country_id twice");
            }
            else if (name.SequenceEqual("country"u8))
            {
                nameColumn = nameColumn < 0 ? column : throw Invalid(1, "the header names country twice");
            }
        }

        return record.Fault is null && idColumn >= 0 && nameColumn >= 0
            ? column
            : throw Invalid(1, $"a header with country_id and country is expected, not {ShownText.Of(text)}");
    }

    private static void ReadRow(
        ReadOnlySpan<byte> text, Span<byte> scratch, int line, int columns, int idColumn, int nameColumn, IdType type, IdColumn ids, TextColumn names)
    {
        var record = new CsvRecord(text, scratch, (byte)',');
        int column = 0;
        for (; record.TryNext(out ReadOnlySpan<byte> field, out bool isNull); column++)
        {
            if (column == idColumn && type == IdType.Text)
            {
                if (isNull)
                {
                    throw Invalid(line, "the country has no country_id");
                }

                ids.Append(field);
            }
            else if (column == idColumn)
            {
                ids.Append(IntegerText.TryParse(field, out int id, out _)
                    ? id
                    : throw Invalid(line, $"country_id is {ShownText.Quoted(field)}, but a whole number from {int.MinValue} to {int.MaxValue} is expected"));
            }
            else if (column == nameColumn)
            {
                if (isNull)
                {
                    throw Invalid(line, "the country has no name");
                }

                names.Append(field);
            }
        }

        if (record.Fault is not null || column != columns)
        {
            throw Invalid(line, record.Fault ?? $"it has {Counted.Of(column, "field")}, but the header has {columns}");
        }
    }

    private static FormatException Invalid(int line, string what) =>
        new($"The countries are not readable: line {line}: {what}.");
}
