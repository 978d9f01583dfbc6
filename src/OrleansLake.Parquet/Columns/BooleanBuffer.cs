namespace OrleansLake.Parquet;

/// <summary>Truth values.</summary>
public sealed class BooleanBuffer : ValueBuffer<bool>
{
    /// <inheritdoc/>
    public override ColumnData AsData() => new BooleanData(Memory, Validity);
}
