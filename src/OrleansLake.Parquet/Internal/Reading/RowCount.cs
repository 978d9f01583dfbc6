namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>Counts the rows of a column by its levels alone.</summary>
internal static class RowCount
{
    /// <summary>Returns the number of rows in which a column is not null.</summary>
    /// <param name="chunk">The chunk of a leaf: the column, or the first one in it.</param>
    /// <param name="levels">Gets the leaf's levels.</param>
    /// <param name="leaf">The leaf.</param>
    /// <param name="column">The column.</param>
    public static long NotNull(ChunkReader chunk, BooleanBuffer levels, ParquetColumn leaf, ParquetColumn column)
    {
        levels.Clear();
        chunk.TryReadDictionary(out _, out _);
        while (chunk.TryReadPage(levels, out Page page))
        {
            levels.Advance(page.Rows, page.Nulls);
        }

        long rows = 0;
        for (int i = 0; i < levels.Count; i++)
        {
            bool isRow = levels.RepetitionLevels.IsEmpty || levels.RepetitionLevels[i] == 0;
            int level = levels.DefinitionLevels.IsEmpty ? leaf.DefinitionLevel - (levels.IsNull(i) ? 1 : 0) : levels.DefinitionLevels[i];
            rows += isRow && level >= column.DefinitionLevel ? 1 : 0;
        }

        return rows;
    }

    /// <summary>Checks that a repeated column has values of all rows.</summary>
    /// <exception cref="ParquetException">It has not.</exception>
    public static void Check(ColumnBuffer values, int rows)
    {
        if (values.Count > 0 && (values.RepetitionLevels[0] != 0 || values.RepetitionLevels.Count((byte)0) != rows))
        {
            throw ParquetException.Corrupt($"The column's values are of another number of rows than the {rows} of its row group.");
        }
    }
}
