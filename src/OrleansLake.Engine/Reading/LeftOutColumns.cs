using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>The columns of a Parquet file that are not read.</summary>
internal static class LeftOutColumns
{
    /// <summary>Returns their values by their names, those in structs by their paths; null if there are none.</summary>
    /// <param name="reader">The open file.</param>
    /// <param name="isTaken">Whether a column is read.</param>
    /// <param name="keep">What the lake keeps: where it keeps attributes, only columns of types that are not read are left out.</param>
    internal static Dictionary<string, long>? Of(ParquetReader reader, Func<string, bool> isTaken, KeptFields keep)
    {
        Dictionary<string, long>? leftOut = null;
        bool keeps = (keep & KeptFields.Attributes) != 0;
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            RowGroupMetadata metadata = reader.Metadata.RowGroups[group];
            IEnumerable<ColumnChunkMetadata> chunks = metadata.Columns.Where(chunk => !keeps || !RowJson.Writes(reader.Columns, chunk.Path));
            foreach (IGrouping<(string Name, ParquetColumn? Nested), ColumnChunkMetadata> column in chunks.GroupBy(chunk => NameOf(reader.Columns, chunk.Path)))
            {
                if (!isTaken(column.Key.Name) && Count(reader, group, column.Key.Nested, column) is > 0 and var values)
                {
                    LeftOutFields.Add(ref leftOut, new Dictionary<string, long> { [column.Key.Name] = values });
                }
            }
        }

        return leftOut;
    }

    // A list or a map is one value of a row, whatever is in it, and its levels say in which rows it is null.
    private static long Count(ParquetReader reader, int group, ParquetColumn? nested, IEnumerable<ColumnChunkMetadata> chunks)
    {
        if (nested is not null)
        {
            try
            {
                return reader.CountNotNull(group, nested);
            }
            catch (ParquetException)
            {
                // A column that nobody reads refuses no file.
            }
        }

        return Math.Min(reader.RowCountOf(group), chunks.Max(static chunk => chunk.ValueCount - (chunk.Statistics?.NullCount ?? 0)));
    }

    // The path of a leaf, or of the outermost list or map that it is in.
    private static (string Name, ParquetColumn? Nested) NameOf(IReadOnlyList<ParquetColumn> columns, string path)
    {
        foreach (ParquetColumn column in columns)
        {
            if (path.StartsWith($"{column.Name}.", StringComparison.Ordinal) && column.StoredAs is null)
            {
                if (column.IsRepeated || column.Logical is LogicalType.List or LogicalType.Map)
                {
                    return (column.Name, column);
                }

                (string name, ParquetColumn? nested) = NameOf(column.Fields, path[(column.Name.Length + 1)..]);
                return ($"{column.Name}.{name}", nested);
            }

            if (path == column.Name)
            {
                return (path, column.IsRepeated ? column : null);
            }
        }

        return (path, null);
    }
}
