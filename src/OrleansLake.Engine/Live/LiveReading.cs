using OrleansLake.Core.Reports;

namespace OrleansLake.Engine.Live;

/// <summary>A report at a moment.</summary>
/// <param name="Table">The whole report.</param>
/// <param name="At">The moment.</param>
public sealed record LiveReading(ReportTable Table, LiveMoment At);
