using System.Buffers;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>
/// One partition's part of a report: counts by what the rows and columns stand for, not by how they are shown, so that
/// parts of many partitions add up to the report of the whole lake. Immutable.
/// </summary>
/// <remarks>A key has all its copies in one partition, so sums are all that is needed.</remarks>
public sealed class ReportPart
{
    internal ReportPart(ReportDefinition definition, NameTable eventTypes, NameTable channels, TupleIndex rows, TupleIndex columns, SparseCells cells)
    {
        Definition = definition;
        EventTypes = eventTypes;
        Channels = channels;
        Rows = rows;
        Columns = columns;
        Cells = cells;
    }

    /// <summary>What was counted.</summary>
    public ReportDefinition Definition { get; }

    internal NameTable EventTypes { get; }

    internal NameTable Channels { get; }

    internal TupleIndex Rows { get; }

    internal TupleIndex Columns { get; }

    internal SparseCells Cells { get; }

    /// <summary>The report over the parts of all partitions.</summary>
    /// <param name="definition">What was counted.</param>
    /// <param name="parts">One for each partition, of that definition.</param>
    public static ReportTable Sum(ReportDefinition definition, IReadOnlyList<ReportPart> parts)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(parts);
        return ReportBuilder.Build(definition, parts);
    }

    /// <summary>Writes the part for another process of the same version.</summary>
    public void Write(IBufferWriter<byte> destination) => ReportPartCodec.Write(this, destination);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are something else.</exception>
    public static ReportPart Read(ReportDefinition definition, ReadOnlySpan<byte> bytes) => ReportPartCodec.Read(definition, bytes);

    internal static ReportPart Of(ReportDefinition definition, NameTable eventTypes, NameTable channels, IReadOnlyList<Pivot> pivots)
    {
        var names = new PartNames(definition, eventTypes, channels);
        var rows = new TupleIndex(definition.RowKeys.Count);
        var columns = new TupleIndex(1);
        var cells = new SparseCells();
        foreach (Pivot pivot in pivots)
        {
            for (int row = 0; row < pivot.Rows.Count; row++)
            {
                ReadOnlySpan<ushort> counts = pivot.DenseCounts(row);
                for (int column = 0; column < counts.Length; column++)
                {
                    Add(pivot, row, column, counts[column]);
                }
            }

            for (int index = 0; index < (pivot.Sparse?.Count ?? 0); index++)
            {
                Add(pivot, pivot.Sparse!.RowAt(index), pivot.Sparse.ColumnAt(index), pivot.Sparse.CountAt(index));
            }
        }

        return new ReportPart(definition, names.EventTypes, names.Channels, rows, columns, cells);

        void Add(Pivot pivot, int row, int column, long count)
        {
            if (count != 0)
            {
                cells.Add(names.GetOrAddRow(rows, pivot.Rows[row], pivot.Rows.Nulls(row)), names.GetOrAddColumn(columns, pivot.Columns[column], pivot.Columns.Nulls(column)), count);
            }
        }
    }
}
