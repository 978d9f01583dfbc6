namespace OrleansLake.Grains.Wire;

/// <summary>A report that is asked for.</summary>
/// <param name="Report">Its name.</param>
/// <param name="Top">Only the first so many rows; null for all. For report 2, whose order is the most active users first.</param>
[GenerateSerializer, Immutable, Alias("OrleansLake.ReportRequest")]
internal sealed record ReportRequest([property: Id(0)] string Report, [property: Id(1)] int? Top);
