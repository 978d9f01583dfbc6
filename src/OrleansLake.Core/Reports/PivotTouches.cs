namespace OrleansLake.Core.Reports;

/// <summary>
/// The rows of one shard's pivot that were counted in, and by how much its columns changed. They are kept by their
/// values, which stay the same when the pivot is rebuilt.
/// </summary>
internal sealed class PivotTouches(int width)
{
    public TupleIndex Rows { get; } = new(width);

    public ColumnSums Columns { get; } = new();

    public void Clear()
    {
        Rows.Clear();
        Columns.Clear();
    }
}
