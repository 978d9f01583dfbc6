namespace OrleansLake.Parquet;

/// <summary>Singles.</summary>
public sealed class FloatBuffer : ValueBuffer<float>
{
    /// <inheritdoc/>
    public override ColumnData AsData() => new FloatData(Memory, Validity);
}
