using System.Buffers;

namespace OrleansLake.Core.Reports;

/// <summary>
/// One partition's part of a report: counts by what the rows and columns stand for, not by how they are shown, so that
/// parts of many partitions add up to the report of the whole lake. Immutable.
/// </summary>
/// <remarks>A key has all its copies in one partition, so sums are all that is needed.</remarks>
public sealed class ReportPart
{
    internal ReportPart(ReportDefinition definition, FieldNames names, TupleIndex rows, TupleIndex columns, CellList cells)
    {
        Definition = definition;
        Names = names;
        Rows = rows;
        Columns = columns;
        Cells = cells;
    }

    /// <summary>Gets the definition of what was counted.</summary>
    public ReportDefinition Definition { get; }

    internal FieldNames Names { get; }

    internal TupleIndex Rows { get; }

    internal TupleIndex Columns { get; }

    internal CellList Cells { get; }

    /// <summary>Returns the report over the parts of all partitions.</summary>
    /// <param name="definition">What was counted.</param>
    /// <param name="parts">One for each partition, of that definition.</param>
    public static ReportTable Sum(ReportDefinition definition, IReadOnlyList<ReportPart> parts)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(parts);
        return ReportBuilder.Build(parts.Count > 0 ? parts[0].Definition : definition, parts);
    }

    /// <summary>Writes the part for another process of the same version.</summary>
    public void Write(IBufferWriter<byte> destination) => ReportPartCodec.Write(this, destination);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are something else.</exception>
    public static ReportPart Read(ReportDefinition definition, ReadOnlySpan<byte> bytes) => ReportPartCodec.Read(definition, bytes);

    /// <summary>Returns a part of some rows; rows of one name are added up.</summary>
    /// <param name="definition">What was counted: a report whose rows are distinguished by one number and one text at most.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">Columns that there are in any case, because rows that are left out count in them.</param>
    public static ReportPart OfRows(ReportDefinition definition, IEnumerable<ReportRow> rows, IEnumerable<string?>? columns = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(rows);
        var fields = new FieldNames(definition.Ids);
        var names = new ReportRowNames(definition, fields);
        var rowIndex = new TupleIndex(definition.RowKeys.Count);
        var columnIndex = new TupleIndex(1);
        var cells = new SparseCells();
        Span<int> tuple = stackalloc int[definition.RowKeys.Count];
        foreach (string? column in columns ?? [])
        {
            names.Column(columnIndex, column);
        }

        foreach (ReportRow row in rows)
        {
            if (row.Columns.Count == 0)
            {
                continue;
            }

            byte nulls = names.Encode(row, tuple);
            int index = rowIndex.GetOrAdd(tuple, nulls);
            for (int i = 0; i < row.Columns.Count; i++)
            {
                cells.Add(index, names.Column(columnIndex, row.Columns[i]), row.Counts[i]);
            }
        }

        return new ReportPart(definition, fields, rowIndex, columnIndex, cells.Cells);
    }

    /// <summary>Returns the rows.</summary>
    public IReadOnlyList<ReportRow> ToRows()
    {
        var names = new ReportRowNames(Definition, Names);
        string?[] columnNames = [.. Enumerable.Range(0, Columns.Count).Select(column => names.Column(Columns, column))];
        var columns = new List<string?>[Rows.Count];
        var counts = new List<long>[Rows.Count];
        for (int row = 0; row < columns.Length; row++)
        {
            columns[row] = [];
            counts[row] = [];
        }

        for (int index = 0; index < Cells.Count; index++)
        {
            // A cell may be counted in pieces that add up to nothing.
            if (Cells.CountAt(index) != 0)
            {
                columns[Cells.RowAt(index)].Add(columnNames[Cells.ColumnAt(index)]);
                counts[Cells.RowAt(index)].Add(Cells.CountAt(index));
            }
        }

        return [.. columns.Select((_, row) => new ReportRow(names.Number(Rows[row], Rows.Nulls(row)), names.Text(Rows[row], Rows.Nulls(row)), columns[row], counts[row]))];
    }

    /// <summary>Returns the columns by what they stand for.</summary>
    public IReadOnlyList<string?> ColumnsNamed()
    {
        var names = new ReportRowNames(Definition, Names);
        return [.. Enumerable.Range(0, Columns.Count).Select(column => names.Column(Columns, column))];
    }
}
