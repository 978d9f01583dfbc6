namespace OrleansLake.Parquet;

/// <summary>Some rows of a row group, one behind the other.</summary>
/// <param name="Start">The first row, counted from the row group's first.</param>
/// <param name="Count">How many rows.</param>
public readonly record struct RowRange(int Start, int Count)
{
    /// <summary>Gets the row behind the last.</summary>
    public int End => Start + Count;
}
