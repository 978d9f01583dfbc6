namespace OrleansLake.Parquet;

/// <summary>Integers of 32 bits and dates. An int64 column can be read into it if all its values fit.</summary>
public sealed class Int32Buffer : ValueBuffer<int>
{
    /// <inheritdoc/>
    public override ColumnData AsData() => new Int32Data(Memory, Validity);
}
