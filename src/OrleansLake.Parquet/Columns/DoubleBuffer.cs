namespace OrleansLake.Parquet;

/// <summary>Doubles. A column of singles can be read into it.</summary>
public sealed class DoubleBuffer : ValueBuffer<double>
{
    /// <inheritdoc/>
    public override ColumnData AsData() => new DoubleData(Memory, Validity);
}
