namespace OrleansLake.Engine.Publishing;

/// <summary>Some rows of one applied batch, ascending.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Rows">Row numbers in the batch.</param>
/// <param name="TextBytes">How many bytes of text these rows' values take.</param>
internal readonly record struct RowRun(AppliedBatch Batch, ReadOnlyMemory<int> Rows, int TextBytes)
{
    /// <summary>Returns all rows of a batch.</summary>
    internal static RowRun AllOf(AppliedBatch batch) => new(batch, RowNumbers.Upto(batch.Batch.Count), batch.Batch.Values.Bytes.Length);

    /// <summary>Gets a value indicating whether no row is left out between the first and the last: what they hold is contiguous.</summary>
    internal bool IsUnbroken => Rows.Span is var rows && (rows.IsEmpty || rows[^1] - rows[0] == rows.Length - 1);

    /// <summary>Returns a part of the rows.</summary>
    internal RowRun Slice(int start, int length)
    {
        if (length == Rows.Length)
        {
            return this;
        }

        ReadOnlySpan<int> ends = Batch.Batch.Values.Offsets.Span;
        int bytes = 0;
        foreach (int row in Rows.Span.Slice(start, length))
        {
            bytes += ends[row + 1] - ends[row];
        }

        return new RowRun(Batch, Rows.Slice(start, length), bytes);
    }
}
