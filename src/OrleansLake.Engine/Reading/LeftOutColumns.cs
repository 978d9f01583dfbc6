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
    /// <param name="keep">What the lake keeps: where it keeps attributes, lists and maps alone are left out.</param>
    internal static Dictionary<string, long>? Of(ParquetReader reader, Func<string, bool> isTaken, KeptFields keep)
    {
        Dictionary<string, long>? leftOut = null;
        foreach (RowGroupMetadata group in reader.Metadata.RowGroups)
        {
            // Within a list or a map, the file's own names for its levels come behind the column's: it is one value of a row.
            foreach (IGrouping<string, ColumnChunkMetadata> column in group.Columns.GroupBy(static chunk => chunk.Path.Split([".list.", ".key_value."], StringSplitOptions.None)[0], StringComparer.Ordinal))
            {
                long values = Math.Min(group.RowCount, column.Max(static chunk => chunk.ValueCount - (chunk.Statistics?.NullCount ?? 0)));
                if (values > 0 && !isTaken(column.Key) && ((keep & KeptFields.Attributes) == 0 || !RowJson.Writes(reader.Columns, column.Key)))
                {
                    LeftOutFields.Add(ref leftOut, new Dictionary<string, long> { [column.Key] = values });
                }
            }
        }

        return leftOut;
    }
}
