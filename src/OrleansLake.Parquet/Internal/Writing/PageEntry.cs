namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>A data page as the page index describes it; its bounds are ranges of the encoder's buffer of bounds.</summary>
internal readonly record struct PageEntry(
    int Offset, int Bytes, int FirstRow, int Nulls, bool IsAllNull, Range Min, Range Max);
