namespace OrleansLake.Parquet;

/// <summary>Integers of 64 bits and timestamps, these always in microseconds. An int32 column can be read into it.</summary>
public sealed class Int64Buffer : ValueBuffer<long>
{
    /// <inheritdoc/>
    public override ColumnData AsData() => new Int64Data(Memory, Validity);
}
