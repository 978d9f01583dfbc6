using OrleansLake.Core;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Gold;

/// <summary>Reads the columns of a report's Parquet file.</summary>
internal static class ReportFile
{
    internal static ReportTable Read(ParquetReader reader, ReportDefinition definition, string[] names)
    {
        int keyCount = definition.RowKeys.Count;
        int fieldCount = reader.Schema.Fields.Count;
        int totalIndex = definition.TotalPlace == TotalPlace.AfterKeys ? keyCount : fieldCount - 1;
        if (names.Length != fieldCount || fieldCount <= keyCount)
        {
            throw new ParquetException($"The file is not a {definition.Name}: it has {Counted.Of(fieldCount, "column")}.");
        }

        object[] keys = new object[keyCount];
        var countNames = new List<string>();
        var fileNames = new List<string>();
        var counts = new List<NumberColumn<long>>();
        long[] totals = [];
        for (int i = 0; i < fieldCount; i++)
        {
            string column = reader.Schema.Fields[i].Name;
            if (i < keyCount)
            {
                keys[i] = definition.ColumnType(definition.RowKeys[i]) switch
                {
                    ReportColumnType.Text => Texts(reader, column),
                    ReportColumnType.LongNumber => Counts(reader, column),
                    _ => Numbers(reader, column),
                };
            }
            else if (i == totalIndex)
            {
                totals = Counts(reader, column).Values.ToArray();
            }
            else
            {
                // A footer has no checksum, and the metadata have.
                if (column.TrimEnd('_') != names[i].TrimEnd('_'))
                {
                    throw new ParquetException($"The metadata of this {definition.Name} are damaged.");
                }

                countNames.Add(names[i]);
                fileNames.Add(column);
                counts.Add(Counts(reader, column));
            }
        }

        return ReportColumns.ToTable(definition, keys, countNames, counts, totals).WithNames(fileNames);
    }

    private static TextColumn Texts(ParquetReader reader, string column)
    {
        var texts = new TextColumn();
        var buffer = new BytesBuffer();
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            reader.Read(group, column, buffer);
            for (int row = 0; row < buffer.Count; row++)
            {
                if (buffer.IsNull(row))
                {
                    texts.AppendNull();
                }
                else
                {
                    texts.Append(buffer[row]);
                }
            }
        }

        return texts;
    }

    private static NumberColumn<int> Numbers(ParquetReader reader, string column) => Collect<int, Int32Buffer>(reader, new Int32Buffer(), (group, buffer) => reader.Read(group, column, buffer));

    private static NumberColumn<long> Counts(ParquetReader reader, string column) => Collect<long, Int64Buffer>(reader, new Int64Buffer(), (group, buffer) => reader.Read(group, column, buffer));

    private static NumberColumn<T> Collect<T, TBuffer>(ParquetReader reader, TBuffer buffer, Action<int, TBuffer> read)
        where T : unmanaged
        where TBuffer : ValueBuffer<T>
    {
        var numbers = new NumberColumn<T>();
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            read(group, buffer);
            for (int row = 0; row < buffer.Count; row++)
            {
                if (buffer.IsNull(row))
                {
                    numbers.AppendNull();
                }
                else
                {
                    numbers.Append(buffer.Values[row]);
                }
            }
        }

        return numbers;
    }
}
