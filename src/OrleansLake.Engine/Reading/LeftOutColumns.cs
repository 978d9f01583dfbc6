using OrleansLake.Core.Parsing;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>The columns of a Parquet file that are not read.</summary>
internal static class LeftOutColumns
{
    /// <summary>Returns their values by their names, those in structs by their paths; null if there are none.</summary>
    /// <param name="reader">The open file.</param>
    /// <param name="isTaken">Whether a column is read.</param>
    internal static Dictionary<string, long>? Of(ParquetReader reader, Func<string, bool> isTaken)
    {
        Dictionary<string, long>? leftOut = null;
        foreach (ColumnChunkMetadata chunk in reader.Metadata.RowGroups.SelectMany(static group => group.Columns))
        {
            // Within a list or a map, the file's own names for its levels come behind the column's.
            string path = chunk.Path.Split([".list.", ".key_value."], StringSplitOptions.None)[0];
            long values = chunk.ValueCount - (chunk.Statistics?.NullCount ?? 0);
            if (values > 0 && !isTaken(path))
            {
                LeftOutFields.Add(ref leftOut, new Dictionary<string, long> { [path] = values });
            }
        }

        return leftOut;
    }
}
