using OrleansLake.Core.Columns;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Checking;

/// <summary>Compares the columns that a file says were added with what its attributes make of them. Files may be audited side by side.</summary>
internal sealed class AddedAudit(ILakeStore store, LakeTimeZone zone, Findings findings)
{
    private readonly SortedDictionary<string, long> _misfits = new(StringComparer.Ordinal);

    /// <summary>Audits a file of bronze or silver.</summary>
    /// <exception cref="ParquetException">It cannot be read.</exception>
    internal void Audit(DataFile file, string path)
    {
        using ParquetReader reader = ParquetReader.Open(store.OpenStream(path), path);
        AddedColumns added = AddedData.In(reader);
        long row = 0;
        for (int group = 0; group < reader.RowGroupCount && !added.IsEmpty; group++)
        {
            KeptBuffers? kept = KeptBuffers.Read(reader, group);
            foreach (AddedColumn column in added.Columns)
            {
                Audit(reader, group, column, kept, file, row);
            }

            row += reader.RowCountOf(group);
        }
    }

    /// <summary>Says how many values do not fit their columns.</summary>
    internal void Complete()
    {
        foreach ((string column, long misfits) in _misfits)
        {
            findings.Note($"values that are not of the type of {column}", $"{misfits}: null there, and as they came in attributes");
        }
    }

    private void Audit(ParquetReader reader, int group, AddedColumn column, KeptBuffers? kept, DataFile file, long firstRow)
    {
        int rows = reader.RowCountOf(group);
        var expected = new AddedColumnBuilder(column, zone, rows);
        for (int row = 0; row < rows; row++)
        {
            expected.Append(kept is null ? default : kept.Attributes(row));
        }

        if (FirstDifference(expected.Data(), Read(reader, group, column), rows) is >= 0 and var row0)
        {
            findings.Wrong($"{reader.Name}, row {firstRow + row0}: its {column.Name} is not what its attributes have ({column}); {(file.Kind == DataKind.Bronze ? "restore the file" : "`lake replay` rebuilds silver")}");
        }

        // Each row is in silver once.
        if (file.Kind != DataKind.Bronze && expected.Misfits > 0)
        {
            lock (_misfits)
            {
                _misfits[column.Name] = _misfits.GetValueOrDefault(column.Name) + expected.Misfits;
            }
        }
    }

    private static ColumnData Read(ParquetReader reader, int group, AddedColumn column)
    {
        switch (column.Type)
        {
            case AddedColumnType.Int64 or AddedColumnType.Timestamp:
                var wholes = new Int64Buffer();
                reader.Read(group, column.Name, wholes);
                return wholes.AsData();
            case AddedColumnType.Double:
                var reals = new DoubleBuffer();
                reader.Read(group, column.Name, reals);
                return reals.AsData();
            case AddedColumnType.Boolean:
                var truths = new BooleanBuffer();
                reader.Read(group, column.Name, truths);
                return truths.AsData();
            default:
                var texts = new BytesBuffer();
                reader.Read(group, column.Name, texts);
                return texts.AsData();
        }
    }

    private static int FirstDifference(ColumnData expected, ColumnData found, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            if (expected.IsNull(row) != found.IsNull(row) || (!expected.IsNull(row) && !IsSame(expected, found, row)))
            {
                return row;
            }
        }

        return -1;
    }

    private static bool IsSame(ColumnData expected, ColumnData found, int row) => (expected, found) switch
    {
        (Int64Data one, Int64Data other) => one.Values.Span[row] == other.Values.Span[row],
        (DoubleData one, DoubleData other) => one.Values.Span[row].Equals(other.Values.Span[row]),
        (BooleanData one, BooleanData other) => one.Values.Span[row] == other.Values.Span[row],
        (BytesData one, BytesData other) => one[row].SequenceEqual(other[row]),
        _ => false,
    };
}
