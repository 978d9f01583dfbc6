namespace OrleansLake.Parquet.Columns;

/// <summary>Bounds that every value of a column chunk or page is within. NaN, if it is a value, is not.</summary>
/// <typeparam name="T">Int64 for integers, dates (days) and timestamps (microseconds), double, or bytes.</typeparam>
/// <param name="Min">None is below.</param>
/// <param name="Max">None is above.</param>
internal readonly record struct ColumnBounds<T>(T Min, T Max);
