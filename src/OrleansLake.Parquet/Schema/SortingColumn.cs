namespace OrleansLake.Parquet;

/// <summary>Declares that the rows of every row group are sorted by a column. It is recorded, not checked.</summary>
/// <param name="Column">The column's name.</param>
/// <param name="IsDescending">Whether the greatest value comes first.</param>
/// <param name="NullsFirst">Whether nulls come before all values.</param>
public sealed record SortingColumn(string Column, bool IsDescending = false, bool NullsFirst = false);
