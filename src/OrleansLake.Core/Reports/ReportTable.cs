using System.Buffers;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>
/// A report's rows in its order, for writers: key columns, totals, and the counts. Cells that nothing was counted
/// for take no memory. Immutable; what its methods return is made for the caller.
/// </summary>
public sealed class ReportTable
{
    private readonly object[] _keys;         // NumberColumn<int>, NumberColumn<long> or TextColumn
    private readonly long[] _totals;
    private readonly int[] _cellStarts;      // by row, into the two below; RowCount + 1 long
    private readonly int[] _cellColumns;     // among the counted columns, ascending within a row
    private readonly long[] _cellCounts;
    private (int[] Starts, int[] Cells, int[] Rows)? _byColumn;

    internal ReportTable(ReportDefinition definition, object[] keys, string?[] values, long[] totals, int[] cellStarts, int[] cellColumns, long[] cellCounts)
    {
        Definition = definition;
        _keys = keys;
        _totals = totals;
        _cellStarts = cellStarts;
        _cellColumns = cellColumns;
        _cellCounts = cellCounts;

        // Loops: the library's code over fields cannot be compiled ahead of time, and every report begins here.
        string[] own = new string[definition.RowKeys.Count + 1];
        for (int i = 0; i < definition.RowKeys.Count; i++)
        {
            own[i] = ReportDefinition.ColumnName(definition.RowKeys[i]);
        }

        own[^1] = definition.TotalColumn;
        string[] names = ColumnNaming.Distinct(own, [.. values.Select(static value => value ?? "null")], StringComparer.Ordinal);
        string[] given = ColumnNaming.Beside(own, names, []);
        Values = values;
        OwnNames = own;
        ValueNames = names;
        var columns = new List<ReportColumn>();
        for (int i = 0; i < definition.RowKeys.Count; i++)
        {
            columns.Add(new ReportColumn(own[i], definition.ColumnType(definition.RowKeys[i]), false));
        }

        columns.AddRange(given.Select(static name => new ReportColumn(name, ReportColumnType.Count, false)));
        TotalIndex = definition.TotalPlace == TotalPlace.AfterKeys ? keys.Length : columns.Count;
        columns.Insert(TotalIndex, new ReportColumn(definition.TotalColumn, ReportColumnType.Count, definition.TotalIsRequired));
        Columns = columns;
        ColumnNames = [.. columns.Select(column => column.Name)];
    }

    private ReportTable(ReportTable other, IReadOnlyList<string> names)
        : this(other, other._keys, other._totals, other._cellStarts, other._cellColumns, other._cellCounts)
    {
        int counted = 0;
        Columns = [.. other.Columns.Select((column, i) => i < other.KeyCount || i == other.TotalIndex ? column : column with { Name = names[counted++] })];
        ColumnNames = [.. Columns.Select(column => column.Name)];
    }

    private ReportTable(ReportTable layout, object[] keys, long[] totals, int[] cellStarts, int[] cellColumns, long[] cellCounts)
    {
        Definition = layout.Definition;
        Columns = layout.Columns;
        ColumnNames = layout.ColumnNames;
        TotalIndex = layout.TotalIndex;
        Values = layout.Values;
        OwnNames = layout.OwnNames;
        ValueNames = layout.ValueNames;
        _keys = keys;
        _totals = totals;
        _cellStarts = cellStarts;
        _cellColumns = cellColumns;
        _cellCounts = cellCounts;
    }

    /// <summary>Gets the definition of what was counted.</summary>
    public ReportDefinition Definition { get; }

    /// <summary>Gets the number of rows.</summary>
    public int RowCount => _totals.Length;

    /// <summary>Gets all columns, in their final order: keys, then total and counts as the definition places them.</summary>
    public IReadOnlyList<ReportColumn> Columns { get; }

    /// <summary>Gets the names of <see cref="Columns"/>.</summary>
    public string[] ColumnNames { get; }

    /// <summary>Gets what each counted column counts, in their order; null for messages without it.</summary>
    public IReadOnlyList<string?> Values { get; }

    /// <summary>Gets the names of the counted columns, in their order: those of <see cref="Columns"/> without the keys and the total.</summary>
    public IEnumerable<string> CountedNames => ColumnNames.Where((_, column) => column >= KeyCount && column != TotalIndex);

    /// <summary>Gets the names of the report's own columns.</summary>
    internal IReadOnlyList<string> OwnNames { get; }

    /// <summary>Gets the names that the counted columns would have if no name was kept and case told them apart, in their order.</summary>
    public IReadOnlyList<string> ValueNames { get; }

    /// <summary>Gets the index of the total in <see cref="Columns"/>.</summary>
    public int TotalIndex { get; }

    /// <summary>Gets the rows' sums, in row order.</summary>
    public ReadOnlySpan<long> Totals => _totals;

    /// <summary>Gets the sum of all rows: how many messages were counted.</summary>
    public long GrandTotal
    {
        get
        {
            long sum = 0;
            foreach (long total in _totals)
            {
                sum += total;
            }

            return sum;
        }
    }

    /// <summary>Returns a key column of type <see cref="ReportColumnType.Date"/> or <see cref="ReportColumnType.Number"/>.</summary>
    public NumberColumn<int> Numbers(int column) => (NumberColumn<int>)_keys[column];

    /// <summary>Returns a key column of type <see cref="ReportColumnType.LongNumber"/>.</summary>
    public NumberColumn<long> LongNumbers(int column) => (NumberColumn<long>)_keys[column];

    /// <summary>Returns a key column of type <see cref="ReportColumnType.Text"/>.</summary>
    public TextColumn Texts(int column) => (TextColumn)_keys[column];

    /// <summary>Returns a column of type <see cref="ReportColumnType.Count"/>: the total, or one with absent cells filled in.</summary>
    public NumberColumn<long> Counts(int column)
    {
        var counts = new NumberColumn<long>();
        counts.Reserve(RowCount);
        if (column == TotalIndex)
        {
            counts.AppendRange(_totals);
            return counts;
        }

        (int[] starts, int[] cells, int[] rows) = _byColumn ??= ByColumn();
        int counted = CountedColumn(column);
        int next = starts[counted];
        int end = starts[counted + 1];
        for (int row = 0; row < RowCount; row++)
        {
            if (next < end && rows[next] == row)
            {
                counts.Append(_cellCounts[cells[next++]]);
            }
            else if (Definition.AbsentCell == AbsentCell.Zero)
            {
                counts.Append(0);
            }
            else
            {
                counts.AppendNull();
            }
        }

        return counts;
    }

    /// <summary>Returns the count in a row of a column of type <see cref="ReportColumnType.Count"/>; null where it is absent and
    /// absent cells are null.</summary>
    public long? Count(int row, int column)
    {
        if (column == TotalIndex)
        {
            return _totals[row];
        }

        int start = _cellStarts[row];
        int index = Array.BinarySearch(_cellColumns, start, _cellStarts[row + 1] - start, CountedColumn(column));
        return index >= 0 ? _cellCounts[index] : Definition.AbsentCell == AbsentCell.Zero ? 0 : null;
    }

    /// <summary>Returns the same report with other names of its counted columns.</summary>
    /// <param name="names">One for each counted column, in their order: distinct when case is ignored.</param>
    /// <returns>The report itself if these are their names.</returns>
    public ReportTable WithNames(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        int counted = 0;
        for (int column = KeyCount; column < Columns.Count; column++)
        {
            if (column != TotalIndex && Columns[column].Name != names[counted++])
            {
                return new ReportTable(this, names);
            }
        }

        return this;
    }

    /// <summary>Returns some of the rows, in the order given, with all columns.</summary>
    public ReportTable Select(ReadOnlySpan<int> rows)
    {
        object[] keys = new object[_keys.Length];
        for (int key = 0; key < keys.Length; key++)
        {
            keys[key] = _keys[key] is TextColumn texts ? Selected(texts, rows)
                : _keys[key] is NumberColumn<long> longs ? Selected(longs, rows) : Selected((NumberColumn<int>)_keys[key], rows);
        }

        long[] totals = new long[rows.Length];
        int[] starts = new int[rows.Length + 1];
        for (int i = 0; i < rows.Length; i++)
        {
            totals[i] = _totals[rows[i]];
            starts[i + 1] = starts[i] + _cellStarts[rows[i] + 1] - _cellStarts[rows[i]];
        }

        int[] columns = new int[starts[^1]];
        long[] counts = new long[starts[^1]];
        for (int i = 0; i < rows.Length; i++)
        {
            CellColumns(rows[i]).CopyTo(columns.AsSpan(starts[i]));
            CellCounts(rows[i]).CopyTo(counts.AsSpan(starts[i]));
        }

        return new ReportTable(this, keys, totals, starts, columns, counts);
    }

    /// <summary>Writes one JSON object a line, as Python's <c>json.dumps(ensure_ascii=False, separators=(",", ":"))</c> does.</summary>
    public void WriteNdjson(IBufferWriter<byte> destination) => new ReportWriter(this, destination).WriteNdjson();

    /// <summary>Writes one JSON array of objects.</summary>
    public void WriteJson(IBufferWriter<byte> destination) => new ReportWriter(this, destination).WriteJson();

    /// <summary>Writes one JSON array of objects without a line break.</summary>
    public void WriteJsonLine(IBufferWriter<byte> destination) => new ReportWriter(this, destination).WriteJsonLine(keysOnly: false);

    /// <summary>Writes the rows' keys as one JSON array of objects without a line break.</summary>
    public void WriteKeysJsonLine(IBufferWriter<byte> destination) => new ReportWriter(this, destination).WriteJsonLine(keysOnly: true);

    /// <summary>Returns the keys of each row as a JSON object in UTF-8: the same of two rows only if these are one.</summary>
    public byte[][] KeysAsJson()
    {
        var json = new ArrayBufferWriter<byte>();
        var writer = new ReportWriter(this, json);
        byte[][] keys = new byte[RowCount][];
        for (int row = 0; row < keys.Length; row++)
        {
            json.ResetWrittenCount();
            writer.WriteJsonKeys(row);
            keys[row] = json.WrittenSpan.ToArray();
        }

        return keys;
    }

    /// <summary>Writes CSV (RFC 4180) with a header. A null is empty, an empty text is <c>""</c>.</summary>
    public void WriteCsv(IBufferWriter<byte> destination) => new ReportWriter(this, destination).WriteCsv();

    internal int KeyCount => _keys.Length;

    /// <summary>Returns other rows under the same columns.</summary>
    internal ReportTable WithRows(object[] keys, long[] totals, int[] cellStarts, int[] cellColumns, long[] cellCounts) =>
        new(this, keys, totals, cellStarts, cellColumns, cellCounts);

    private static TextColumn Selected(TextColumn texts, ReadOnlySpan<int> rows)
    {
        var selected = new TextColumn();
        foreach (int row in rows)
        {
            selected.AppendRow(texts, row);
        }

        return selected;
    }

    private static NumberColumn<T> Selected<T>(NumberColumn<T> numbers, ReadOnlySpan<int> rows)
        where T : unmanaged
    {
        var selected = new NumberColumn<T>();
        foreach (int row in rows)
        {
            selected.AppendRow(numbers, row);
        }

        return selected;
    }

    /// <summary>Returns, of a row, what it has counts of: indexes into <see cref="Values"/>, ascending.</summary>
    public ReadOnlySpan<int> CellColumns(int row) => _cellColumns.AsSpan(_cellStarts[row], _cellStarts[row + 1] - _cellStarts[row]);

    /// <summary>Returns a row's counts, in the order of <see cref="CellColumns"/>: none of them is zero.</summary>
    public ReadOnlySpan<long> CellCounts(int row) => _cellCounts.AsSpan(_cellStarts[row], _cellStarts[row + 1] - _cellStarts[row]);

    private int CountedColumn(int column)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(column, _keys.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, Columns.Count);
        return column - _keys.Length - (column > TotalIndex ? 1 : 0);
    }

    private (int[] Starts, int[] Cells, int[] Rows) ByColumn()
    {
        int[] starts = new int[Columns.Count - _keys.Length + 1];
        foreach (int column in _cellColumns)
        {
            starts[column + 1]++;
        }

        for (int i = 1; i < starts.Length; i++)
        {
            starts[i] += starts[i - 1];
        }

        int[] next = [.. starts];
        int[] cells = new int[_cellColumns.Length];
        int[] rows = new int[_cellColumns.Length];
        for (int row = 0; row < RowCount; row++)
        {
            for (int cell = _cellStarts[row]; cell < _cellStarts[row + 1]; cell++)
            {
                int at = next[_cellColumns[cell]]++;
                cells[at] = cell;
                rows[at] = row;
            }
        }

        return (starts, cells, rows);
    }
}
