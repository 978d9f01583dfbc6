namespace OrleansLake.Grains;

/// <summary>The name that a counted column of a report has in Parquet files.</summary>
/// <param name="Report">The report's name.</param>
/// <param name="Value">What the column counts; null for messages without it.</param>
/// <param name="Name">The column's name.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.ColumnNameCell")]
public sealed record ColumnNameDto([property: Id(0)] string Report, [property: Id(1)] string? Value, [property: Id(2)] string Name);
